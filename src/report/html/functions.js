// All functions: only the rows in view are in the document, so that ten thousand stay smooth. On paper
// stand the first of those that are chosen, as they are sorted, and how many more there are.
const functionsTable = () => {
  const data = read("functions-data"), place = document.getElementById("explorer");
  if (!data || !place) return;
  const rowHeight = 34, overscan = 8, onPaper = 100, verdicts = ["superlinear", "suspected", "cannot tell", "not superlinear", "fixed"];
  const classes = ["alarm", "caution", "open", "fine", "fine"];
  const shown = (series) => series?.y[data.largest] ?? null;
  const columns = [
    ["Function", "", (f) => f.n, (f) => f.n],
    ["Where", "wide", (f) => f.p, (f) => (f.p.length > 23 ? `…${f.p.slice(-22)}` : f.p || dash)],
    ["Self n^", "number", (f) => f.a?.e[0], (f) => exponentText(f.a?.e[0])],
    ["Calls n^", "number", (f) => f.b?.e[0], (f) => exponentText(f.b?.e[0])],
    ["Total n^", "number wide", (f) => f.t?.e[0], (f) => exponentText(f.t?.e[0])],
    ["Verdict", "", (f) => -f.v * 100 + (f[f.g]?.e[0] ?? 0), (f) => f.w],
    ["by", "wide", (f) => f.g ?? null, (f) => (f.g ? (f.g === "b" ? "calls" : data.costWord) : dash)],
    ["Calls", "number wide", (f) => shown(f.b), (f) => countText(shown(f.b))],
    [`Self ${data.costWord}`, "number", (f) => shown(f.a), (f) => (data.isTime ? secondsText : countText)(shown(f.a))],
    ["Share %", "number", (f) => f.s, (f) => percentText(f.s)],
    ["Total %", "number wide", (f) => f.c, (f) => percentText(f.c)],
  ];
  const state = { order: data.functions.map((_, index) => index), column: -1, down: true, open: -1, openHeight: 0 };
  const search = make("input", { type: "search", id: "function-search", placeholder: "name or file", autocomplete: "off", spellcheck: "false" });
  const select = (id, label, names) => {
    const box = make("select", { id }, make("option", { value: "" }, label));
    names.forEach(([value, text]) => box.append(make("option", { value }, text)));
    return box;
  };
  const counts = (key, size) => {
    const found = new Array(size).fill(0);
    data.functions.forEach((f) => found[f[key]]++);
    return found;
  };
  const ofVerdict = counts("v", verdicts.length), ofModule = counts("m", data.modules.length);
  const verdict = select("function-verdict", "every verdict", verdicts.map((name, index) => [index, `${name} (${ofVerdict[index]})`]).filter(([index]) => ofVerdict[index]));
  const modules = data.modules.map((name, index) => [index, `${name} (${ofModule[index]})`]);
  modules.sort((a, b) => ofModule[b[0]] - ofModule[a[0]]);
  const module = select("function-module", "every module", modules);
  const told = make("p", { class: "told", role: "status", "aria-live": "polite" });
  const labelled = (text, control) => make("label", { for: control.id }, make("span", {}, text), control);
  const tools = make("div", { class: "tools" }, labelled("Search", search), labelled("Verdict", verdict), labelled("Module", module), told);
  const body = make("tbody"), head = make("tr");
  columns.forEach(([title, kind], index) => {
    const button = make("button", { type: "button", on: { click: () => sortBy(index) } }, title);
    head.append(make("th", { scope: "col", class: kind || null, "aria-sort": "none", "data-title": title }, button));
  });
  const table = make("table", { "aria-rowcount": data.functions.length + 1 }, make("thead", {}, head), body);
  const view = make("div", { class: "scroll rows", role: "region", tabindex: "0", "aria-label": "All functions" }, table);
  const chosen = make("p", { class: "paper" }), further = make("p", { class: "paper" });
  place.replaceChildren(tools, chosen, view, further);

  // A cell that spans columns which are not shown would make room for them.
  const span = () => [...head.children].filter((cell) => getComputedStyle(cell).display !== "none").length;
  const gap = (height) => make("tr", { class: "gap", "aria-hidden": "true" }, Object.assign(make("td", { colspan: span() }), { style: `height:${height}px` }));
  const draw = () => {
    const opened = state.open < 0 ? -1 : state.order.indexOf(state.open);
    const extra = opened < 0 ? 0 : state.openHeight;
    const at = (y) => (opened >= 0 && y > (opened + 1) * rowHeight ? Math.max(opened + 1, Math.floor((y - extra) / rowHeight)) : Math.floor(y / rowHeight));
    const top = view.scrollTop, from = Math.max(0, at(top) - overscan);
    const to = Math.min(state.order.length, at(top + view.clientHeight) + overscan + 1);
    const focused = document.activeElement?.dataset?.row;
    const rows = [];
    const before = from * rowHeight + (opened >= 0 && opened < from ? extra : 0);
    if (before > 0) rows.push(gap(before));
    for (let index = from; index < to; index++) {
      rows.push(row(state.order[index], index));
      if (index === opened) rows.push(detail(data.functions[state.order[index]]));
    }
    const after = (state.order.length - to) * rowHeight + (opened >= to ? extra : 0);
    if (after > 0) rows.push(gap(after));
    body.replaceChildren(...rows);
    if (opened >= from && opened < to) {
      const height = body.querySelector(".detail").offsetHeight;
      if (Math.abs(height - state.openHeight) > 1) { state.openHeight = height; }
    }
    if (focused != null) body.querySelector(`[data-row="${focused}"]`)?.focus({ preventScroll: true });
  };
  const row = (id, index) => {
    const f = data.functions[id], open = state.open === id;
    const unfold = make("button", { type: "button", class: "unfold", "aria-expanded": String(open), "data-row": id,
      on: { click: () => toggle(id) } }, make("code", { dir: "ltr", title: f.n }, f.n));
    return make("tr", { "aria-rowindex": index + 2, class: open ? "open" : null }, ...columns.map(([, kind, , say], column) => {
      if (column === 0) return make("th", { scope: "row" }, unfold);
      const text = say(f);
      if (column === 1) return make("td", { class: kind }, make("code", { class: "place", dir: "ltr", title: f.p }, text));
      if (column === 5) return make("td", {}, f.v < 2 ? make("b", { class: classes[f.v] }, text) : text);
      return make("td", { class: kind || null }, text);
    }));
  };
  const toggle = (id) => {
    state.open = state.open === id ? -1 : id;
    state.openHeight = 0;
    draw();
  };
  const detail = (f) => {
    const parts = [];
    if (f.p) parts.push(make("p", {}, "Where: ", make("code", { class: "place" }, f.p), f.d ? ` · ${f.d}` : ""));
    const metrics = [["a", `Self ${data.costWord}`, (v) => costText(data, v)], ["b", "Number of calls", (v) => `${countText(v)} calls`], ["t", `Cumulative ${data.costWord}`, (v) => costText(data, v)]];
    const boxes = metrics.filter(([key]) => f[key]).map(([key, title, say]) => series(f[key], title, say));
    return make("tr", { class: "detail" }, make("td", { colspan: span() }, ...parts, make("div", { class: "series" }, ...boxes)));
  };
  const series = (s, title, say) => {
    const facts = [];
    const add = (name, text) => facts.push(make("dt", {}, name), make("dd", {}, text));
    add("Verdict", verdicts[s.v]);
    if (known(s.e[0])) add("Exponent", `n^${exponentText(s.e[0])}` + (known(s.e[1]) ? ` [${exponentText(s.e[1])}, ${exponentText(s.e[2])}], 95\u00a0%` : ""));
    if (known(s.f[0])) add("P(worse than n log n)", s.f[0].toFixed(3));
    if (s.k) add("Classes, 90 %", s.k);
    if (known(s.f[1])) add("Does not grow", `${percentText(s.f[1] * 100)}\u00a0% of the smallest`);
    if (known(s.f[2])) add("Scatter", `${percentText(s.f[2] * 100)}\u00a0%`);
    if (s.o) add("Note", s.o);
    const values = s.y.map((value, run) => make("tr", {}, make("td", {}, make("code", {}, data.runs[run] ?? dash)), make("td", { class: "number" }, countText(data.sizes[run])), make("td", { class: "number" }, known(value) ? say(value) : dash)));
    const head = make("thead", {}, make("tr", {}, ...["Run", "Size", "Measured"].map((name, index) => make("th", { scope: "col", class: index ? "number" : null }, name))));
    return make("div", {}, make("h4", {}, title), plotOf(data, s, say, title.toLowerCase()), make("dl", {}, ...facts),
      make("details", {}, make("summary", { on: { click: () => setTimeout(draw_height, 50) } }, "Points"), make("table", {}, head, make("tbody", {}, ...values))));
  };
  const draw_height = () => {
    const open = body.querySelector(".detail");
    if (open) state.openHeight = open.offsetHeight;
  };
  const choose = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = data.functions.map((f, index) => index).filter((index) => {
      const f = data.functions[index];
      return (verdict.value === "" || f.v === Number(verdict.value)) && (module.value === "" || f.m === Number(module.value))
        && words.every((word) => f.n.toLowerCase().includes(word) || f.p.toLowerCase().includes(word));
    });
    state.order = wanted;
    if (!wanted.includes(state.open)) state.open = -1;
    told.textContent = wanted.length === data.functions.length ? `${countText(wanted.length)} functions` : `${countText(wanted.length)} of ${countText(data.functions.length)} functions`;
    table.setAttribute("aria-rowcount", wanted.length + 1);
    arrange();
    view.scrollTop = 0;
    draw();
  };
  // What is not known comes last whichever way the column is sorted.
  const arrange = () => {
    if (state.column < 0) return;
    const key = columns[state.column][2], keys = data.functions.map(key), sign = state.down ? -1 : 1;
    const text = state.column < 2;
    state.order.sort((a, b) => {
      const [x, y] = [keys[a], keys[b]];
      if (x == null || y == null) return (x == null) - (y == null) || a - b;
      return (text ? (x < y ? -1 : x > y ? 1 : 0) : x - y) * sign || a - b;
    });
  };
  const sortBy = (column) => {
    state.down = state.column === column ? !state.down : column > 1;
    state.column = column;
    [...head.children].forEach((cell, index) => cell.setAttribute("aria-sort", index !== column ? "none" : state.down ? "descending" : "ascending"));
    const started = performance.now();
    arrange();
    view.scrollTop = 0;
    draw();
    place.dataset.sortMilliseconds = (performance.now() - started).toFixed(1);
  };
  let waiting = 0;
  view.addEventListener("scroll", () => { if (!waiting) waiting = requestAnimationFrame(() => { waiting = 0; draw(); }); });
  search.addEventListener("input", choose);
  verdict.addEventListener("change", choose);
  module.addEventListener("change", choose);
  addEventListener("resize", draw);
  const choice = () => {
    const words = search.value.trim(), of = (box) => box.selectedOptions[0].textContent.replace(/ \([\d]+\)$/, "");
    const parts = [told.textContent];
    if (words) parts.push(`with “${words}” in name or file`);
    if (verdict.value !== "") parts.push(`verdict ${of(verdict)}`);
    if (module.value !== "") parts.push(`module ${of(module)}`);
    if (state.column >= 0) parts.push(`by ${columns[state.column][0]}, ${state.column < 2 ? (state.down ? "from Z to A" : "from A to Z") : state.down ? "largest first" : "smallest first"}`);
    return `${parts.join(", ")}.`;
  };
  let top = 0;
  const print = () => {
    const more = state.order.length - onPaper;
    top = view.scrollTop;
    chosen.textContent = choice();
    further.textContent = more > 0 ? `And ${countText(more)} more ${more === 1 ? "function" : "functions"}: the page itself has them all; search, filter or sort there to print others.` : "";
    body.replaceChildren(...state.order.slice(0, onPaper).flatMap((id, index) => [row(id, index), ...(id === state.open ? [detail(data.functions[id])] : [])]));
  };
  const resume = () => {
    body.replaceChildren(gap(state.order.length * rowHeight + state.openHeight));
    view.scrollTop = top;
    draw();
  };
  addEventListener("beforeprint", print);
  addEventListener("afterprint", resume);
  choose();
};
