"""What a User-Agent calls itself, in a word or two."""

_BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
_SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux")


def browser_of(program: str) -> str:
    """`Chrome · Linux`; of a program that is no browser its first word, such as `curl/8.1`."""
    browser = next((name for mark, name in _BROWSERS.items() if mark in program), "")
    system = next((name for name in _SYSTEMS if name in program), "")
    return " · ".join(filter(None, (browser, system))) if browser else program.split(" ")[0][:40]
