// Only in development: the server says when the pages were built anew.
new EventSource("/assets/changes").addEventListener("built", () => location.reload())
