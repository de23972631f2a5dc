// Numbers as the rest of the report says them.
const dash = "–";
const three = (value) => {
  const size = Math.abs(value);
  return value.toFixed(size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.9995 ? 2 : 3);
};
const known = (value) => typeof value === "number" && Number.isFinite(value);
const exponentText = (value) => (known(value) ? value.toFixed(2) : dash);
const percentText = (value) => (!known(value) ? dash : value > 0 && value < 0.1 ? "<0.1" : value.toFixed(1));
const countText = (value) => {
  if (!known(value)) return dash;
  if (value >= 0 && Number.isInteger(value)) return value.toLocaleString("en-US");
  return Math.abs(value) < 1e6 ? three(value) : value.toExponential(3);
};
const pair = (small, ratio, large, unit) => {
  const whole = Math.round(small), head = Math.trunc(whole / ratio), rest = Math.abs(whole - head * ratio);
  return rest === 0 ? `${head} ${large}` : `${head} ${large} ${rest} ${unit}`;
};
const secondsText = (value) => {
  if (!known(value)) return dash;
  const size = Math.abs(value);
  if (size === 0) return "0 s";
  if (size < 0.9995e-6) return `${three(value * 1e9)} ns`;
  if (size < 0.9995e-3) return `${three(value * 1e6)} µs`;
  if (size < 0.9995) return `${three(value * 1e3)} ms`;
  if (size < 119.5) return `${three(value)} s`;
  if (size < 7170) return pair(value, 60, "min", "s");
  if (size < 172000) return pair(value / 60, 60, "h", "min");
  return pair(value / 3600, 24, "d", "h");
};
const costText = (data, value) =>
  data.isTime ? secondsText(value) : known(value) ? `${countText(value)} ${data.unit}` : dash;

// Elements are made, never parsed: a name can only ever be text.
const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") for (const [event, act] of Object.entries(value)) element.addEventListener(event, act);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
};
const shape = (tag, attributes, text) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text != null) element.textContent = text;
  return element;
};
const read = (id) => {
  const element = document.getElementById(id);
  return element && JSON.parse(element.textContent);
};

// A value at an axis, whose title names the unit: short enough for its place.
const tickText = (said, value) => {
  if (/^[\d.,]+( \D+)?$/.test(said) && !/ (ns|µs|ms|s|min|h|d)$/.test(said)) {
    const [step, letter] = [[1e9, " G"], [1e6, " M"], [1e4, " k"]].find(([size]) => value >= size) ?? [1, ""];
    return letter ? `${three(value / (letter === " k" ? 1e3 : step))}${letter}` : countText(value);
  }
  return said;
};

// A small log-log plot of one series: its points, and the slope of its exponent for the eye.
const plotOf = (data, series, say, title) => {
  const points = [];
  series.y.forEach((value, run) => {
    if (known(value) && value > 0 && data.sizes[run] > 0) points.push([data.sizes[run], value, data.runs[run]]);
  });
  const xs = points.map((point) => Math.log(point[0])), ys = points.map((point) => Math.log(point[1]));
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  if (points.length < 2 || left === right) return null;
  let [low, high] = [Math.min(...ys), Math.max(...ys)];
  const middle = (low + high) / 2, half = Math.max((high - low) / 2, 0.35) * 1.12;
  [low, high] = [middle - half, middle + half];
  const X = (x) => 78 + ((x - left) / (right - left)) * 196, Y = (y) => 122 - ((y - low) / (high - low)) * 100;
  const svg = shape("svg", { class: "plot", viewBox: "0 0 290 160", role: "img",
    "aria-label": `Plot with logarithmic axes: ${title}, ${points.length} points` });
  svg.append(shape("text", { x: 4, y: 12 }, title), shape("path", { class: "axis", d: "M72 130H282M72 18V130" }));
  const [first, last] = [points[0], points[points.length - 1]];
  for (const [point, at, anchor] of [[first, xs[0], "start"], [last, xs[xs.length - 1], "end"]]) {
    svg.append(shape("text", { x: X(at), y: 146, "text-anchor": anchor }, countText(point[0])));
  }
  for (const value of new Set([Math.min(...points.map((p) => p[1])), Math.max(...points.map((p) => p[1]))])) {
    svg.append(shape("text", { x: 67, y: Y(Math.log(value)) + 4, "text-anchor": "end" }, tickText(say(value), value)));
  }
  if (known(series.e[0])) {
    const ends = ys.filter((_, index) => xs[index] === right).sort((one, other) => one - other);
    const end = ends[Math.floor((ends.length - 1) / 2)];
    const from = end - series.e[0] * (right - left);
    const start = Math.max(from, low), x = right - (end - start) / (series.e[0] || 1);
    svg.append(shape("path", { class: "linear",
      d: `M${X(Math.max(left, Math.min(right, x)))} ${Y(Math.min(start, high))}L${X(right)} ${Y(end)}` }));
  }
  points.forEach((point, index) => {
    const dot = shape("circle", { class: "point", cx: X(xs[index]), cy: Y(ys[index]), r: 4 });
    dot.append(shape("title", {}, `${point[2]}: ${say(point[1])} at ${countText(point[0])}`));
    svg.append(dot);
  });
  return svg;
};
