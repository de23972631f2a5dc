// The theme: the system's until a person chooses; remembered where the browser allows it for a file.
const themes = () => {
  const button = document.getElementById("theme"), root = document.documentElement, order = ["system", "light", "dark"];
  const memory = (act) => { try { return act(localStorage); } catch { return null; } };
  const set = (theme) => {
    if (theme === "system") root.removeAttribute("data-theme"); else root.dataset.theme = theme;
    button.textContent = `Theme: ${theme}`;
  };
  let theme = memory((store) => store.getItem("superlinear-theme"));
  if (!order.includes(theme)) theme = "system";
  set(theme);
  button.hidden = false;
  button.addEventListener("click", () => {
    theme = order[(order.indexOf(theme) + 1) % order.length];
    memory((store) => store.setItem("superlinear-theme", theme));
    set(theme);
  });
};

// Slopes between neighbouring sizes, on request.
const slopes = () => document.querySelectorAll(".slopes-button").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = button.closest("figure").classList.toggle("with-slopes");
    button.setAttribute("aria-pressed", String(shown));
  });
});

// Everything is unfolded on paper.
const paper = () => {
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("main details:not([open])")];
    closed.forEach((details) => { details.open = true; });
  });
  addEventListener("afterprint", () => closed.forEach((details) => { details.open = false; }));
};

for (const part of [themes, slopes, functionsTable, flameGraph, paper]) part();
