// Swagger UI over the API's own description, in the page's theme. What is tried here goes out as who is signed in.

/* global SwaggerUIBundle */
const root = document.documentElement;
const place = document.getElementById("docs");
const csrf = document.querySelector('meta[name="csrf-token"]')?.content;

const follow = () => root.classList.toggle("dark-mode", root.dataset.bsTheme === "dark");
follow();
new MutationObserver(follow).observe(root, { attributes: true, attributeFilter: ["data-bs-theme"] });

SwaggerUIBundle({
  domNode: place,
  url: place.dataset.schema,
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  filter: true,
  validatorUrl: null, // it would send the document to a stranger
  requestInterceptor(request) {
    if (csrf && !["GET", "HEAD"].includes(request.method)) request.headers["X-CSRFToken"] = csrf;
    return request;
  },
});
