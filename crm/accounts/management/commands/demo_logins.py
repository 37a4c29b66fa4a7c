from django.core.management.base import BaseCommand

from crm.accounts.models import User


class Command(BaseCommand):
    help = "List the demo logins; --deactivate closes them, as production asks."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--deactivate", action="store_true", help="close every demo login")

    def handle(self, *args, deactivate: bool, **options) -> None:
        demo = User.objects.filter(is_demo=True, is_active=True)
        if deactivate:
            self.stdout.write(f"{demo.update(is_active=False)} demo logins deactivated.")
            return
        for user in demo:
            self.stdout.write(f"{user.email}  {user.role}")
