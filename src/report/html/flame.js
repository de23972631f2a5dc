// Flame graphs: one call tree, three views. A frame is a box in percents of the width, so that zooming is
// a matter of two numbers.
const flameGraph = () => {
  const data = read("flame-data"), place = document.getElementById("flame");
  if (!data || !place || data.frames.length === 0) return;
  const height = 22, { functions, frames } = data;
  const views = [["scaling", "Scaling", `growth, width at ${data.size}`, 2, 1], ["share", "Share", `share, width at ${data.size}`, 2, 0]];
  if (data.target && frames.every((frame) => known(frame[3]))) views.push(["projected", "Projected", `growth, width foretold at ${data.target}`, 3, 1]);
  const legends = [...place.querySelectorAll(".legend")];
  const state = { view: 0, zoom: -1, focus: 0, search: "" };
  const children = frames.map(() => []), depth = [], roots = [];
  frames.forEach(([, parent], index) => {
    depth[index] = parent < 0 ? 0 : depth[parent] + 1;
    (parent < 0 ? roots : children[parent]).push(index);
  });
  const deepest = Math.max(...depth);
  let left = [], width = [];
  const lay = () => {
    const cost = views[state.view][3], whole = roots.reduce((sum, root) => sum + frames[root][cost], 0) || 1;
    let x = 0;
    for (const root of roots) { left[root] = x; x += width[root] = frames[root][cost] / whole; }
    frames.forEach((frame, index) => {
      let at = left[index];
      for (const child of children[index]) { left[child] = at; at += width[child] = frames[child][cost] / whole; }
    });
  };
  const say = (index) => {
    const frame = frames[index], f = functions[frame[0]], [, , , cost] = views[state.view];
    const growth = f.u ? "growth cannot be told" : `grows as n^${exponentText(f.e)}`;
    return `${f.n}${f.p ? ` (${f.p})` : ""}: ${costText(data, frame[cost])}, ${percentText(width[index] * 100)} % of the run; itself ${percentText(f.s)} %; ${growth}`;
  };
  const tabs = make("div", { class: "switch", role: "group", "aria-label": "View" }, ...views.map(([id, title, about], index) =>
    make("button", { type: "button", "aria-pressed": "false", title: about, "data-view": id, on: { click: () => { state.view = index; lay(); draw(); } } }, title)));
  const search = make("input", { type: "search", id: "flame-search", placeholder: "name or file", autocomplete: "off", spellcheck: "false", on: { input: () => { state.search = search.value.toLowerCase(); draw(); } } });
  const reset = make("button", { type: "button", class: "reset", disabled: true, on: { click: () => zoom(-1) } }, "Whole graph");
  const told = make("p", { class: "told", role: "status" });
  const graph = make("div", { class: "flame", role: "tree", "aria-label": "Call tree; arrow keys walk, Enter zooms, Escape shows the whole" });
  const about = make("p", { class: "frame-about", "aria-live": "polite" }, "Point at a frame, or walk with the arrow keys; Enter or a click zooms.");
  const tools = make("div", { class: "tools" }, tabs, make("label", { for: "flame-search" }, make("span", {}, "Search"), search), reset, told);
  place.replaceChildren(tools, ...legends, make("div", { class: "flame-scroll" }, graph), about);

  const boxes = frames.map((frame, index) => {
    const f = functions[frame[0]];
    return make("div", { role: "treeitem", "aria-level": depth[index] + 1, tabindex: "-1", class: "frame", "data-frame": index,
      "aria-selected": "false" }, make("span", { dir: "ltr" }, f.n));
  });
  boxes.forEach((box, index) => { box.style.bottom = `${depth[index] * height}px`; });
  graph.style.height = `${(deepest + 1) * height}px`;
  graph.append(...boxes);
  const inside = (index, ancestor) => { while (index >= 0 && index !== ancestor) index = frames[index][1]; return index === ancestor; };
  const draw = () => {
    const [id, , , , colour] = views[state.view], zoomed = state.zoom;
    const from = zoomed < 0 ? 0 : left[zoomed], wide = zoomed < 0 ? 1 : width[zoomed];
    let found = 0;
    boxes.forEach((box, index) => {
      const f = functions[frames[index][0]];
      const above = zoomed >= 0 && inside(zoomed, index), seen = zoomed < 0 || above || inside(index, zoomed);
      box.hidden = !seen || width[index] / wide < 0.0004;
      if (box.hidden) return;
      const x = above ? 0 : (left[index] - from) / wide, w = above ? 1 : width[index] / wide;
      box.style.left = `${x * 100}%`;
      box.style.width = `${w * 100}%`;
      box.style.backgroundColor = f.c[colour];
      box.classList.toggle("unknown", colour === 1 && f.u);
      box.classList.toggle("above", above && index !== zoomed);
      const hit = state.search !== "" && (f.n.toLowerCase().includes(state.search) || f.p.toLowerCase().includes(state.search));
      box.classList.toggle("hit", hit);
      box.setAttribute("aria-label", say(index));
      // A hit within a hit is part of it.
      if (hit) { let parent = frames[index][1]; while (parent >= 0 && !functions[frames[parent][0]].n.toLowerCase().includes(state.search) && !functions[frames[parent][0]].p.toLowerCase().includes(state.search)) parent = frames[parent][1]; if (parent < 0) found += width[index]; }
    });
    graph.classList.toggle("searching", state.search !== "");
    tabs.childNodes.forEach((tab, index) => tab.setAttribute("aria-pressed", String(index === state.view)));
    legends.forEach((legend) => { legend.hidden = legend.dataset.view !== id; });
    reset.disabled = zoomed < 0;
    told.textContent = state.search ? `${percentText(found * 100)} % of the run matches` : views[state.view][2];
    if (boxes[state.focus].hidden) state.focus = zoomed < 0 ? roots[0] : zoomed;
    rove(state.focus, false);
  };
  const rove = (index, focus) => {
    boxes[state.focus].tabIndex = -1;
    boxes[state.focus].setAttribute("aria-selected", "false");
    state.focus = index;
    boxes[index].tabIndex = 0;
    boxes[index].setAttribute("aria-selected", "true");
    if (focus) boxes[index].focus();
  };
  const zoom = (index) => { state.zoom = index; if (index >= 0) rove(index, false); draw(); };
  const frameOf = (event) => { const box = event.target.closest(".frame"); return box ? Number(box.dataset.frame) : -1; };
  graph.addEventListener("click", (event) => { const index = frameOf(event); if (index >= 0) { rove(index, true); zoom(index); } });
  for (const kind of ["mouseover", "focusin"]) graph.addEventListener(kind, (event) => { const index = frameOf(event); if (index >= 0) about.textContent = say(index); });
  graph.addEventListener("keydown", (event) => {
    const index = state.focus, parent = frames[index][1], family = parent < 0 ? roots : children[parent];
    const visible = (list) => list.filter((other) => !boxes[other].hidden), place = visible(family).indexOf(index);
    const next = { ArrowUp: visible(children[index])[0], ArrowDown: parent < 0 ? null : parent, ArrowRight: visible(family)[place + 1], ArrowLeft: visible(family)[place - 1] }[event.key];
    if (next != null) rove(next, true);
    else if (event.key === "Enter" || event.key === " ") zoom(index);
    else if (event.key === "Escape") { zoom(-1); rove(index, true); }
    else return;
    event.preventDefault();
  });
  lay();
  draw();
};
