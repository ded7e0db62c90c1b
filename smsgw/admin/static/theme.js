// Before the first paint: the scheme that was chosen here, else the system's.
(() => {
  const kept = localStorage.getItem("scheme");
  const dark = kept ? kept === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.bsTheme = dark ? "dark" : "light";
})();
