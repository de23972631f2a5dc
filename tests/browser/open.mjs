// Opens pages of reports in Chromium, from disk and without a network, and checks what a person would try.
// Usage: node open.mjs TASKS.json, a list of { file, kind, name? }; prints one line of JSON per page.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(new URL("../../target/browser/", import.meta.url));
const { chromium } = require("playwright-core");
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];
const wide = { width: 1280, height: 860 }, phone = { width: 390, height: 844 };
const tasks = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const shots = process.env.SUPERLINEAR_SHOTS;

const profile = fs.mkdtempSync(path.join(os.tmpdir(), "superlinear-browser-"));
const context = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.SUPERLINEAR_CHROMIUM ?? "/usr/bin/chromium", headless: true, args: flags, viewport: wide, offline: true,
});

const text = (page, selector) => page.locator(selector).first().innerText();
const shoot = async (page, task, what) => {
  if (shots) await page.screenshot({ path: path.join(shots, `${path.basename(task.file, ".html")}-${what}.png`) });
};

// Serious and critical findings of axe-core, each in a line.
const faults = async (page) => {
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return found.violations.filter((one) => ["serious", "critical"].includes(one.impact))
    .map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`);
};

const themes = async (page, task) => {
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const button = page.locator("#theme"), seen = {};
  for (const theme of ["light", "dark", "system"]) {
    await button.click();
    assert.equal(await button.innerText(), `Theme: ${theme}`);
    seen[theme] = await ground();
    if (theme !== "system") assert.deepEqual(await faults(page), [], `${task.file} in ${theme}`);
    await shoot(page, task, theme);
  }
  assert.notEqual(seen.light, seen.dark);
  for (const scheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: scheme });
    assert.equal(await ground(), seen[scheme], `the system's ${scheme}`);
  }
  await page.emulateMedia({ colorScheme: "light" });
};

const narrow = async (page, task) => {
  await page.setViewportSize(phone);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= phone.width, `${task.file} is ${width} pixels wide on a phone`);
  await shoot(page, task, "phone");
  // Rows, and what stands between them, leave the columns as wide as their headings.
  const unfold = page.locator("#explorer .unfold").first();
  if (await unfold.count()) {
    await unfold.click();
    const cut = await page.locator("#explorer thead th:visible").evaluateAll((cells) => cells
      .filter((cell) => cell.scrollWidth > cell.clientWidth + 1 || cell.clientWidth < 30).map((cell) => `${cell.innerText}: ${cell.clientWidth}`));
    assert.deepEqual(cut, [], `${task.file}: headings on a phone`);
    await shoot(page, task, "phone-unfolded");
    await unfold.click();
  }
  assert.deepEqual(await faults(page), [], `${task.file} on a phone`);
  await page.setViewportSize(wide);
};

const functions = async (page, task) => {
  const explorer = page.locator("#explorer"), told = explorer.locator(".told");
  const total = JSON.parse(await page.locator("#functions-data").evaluate((element) => element.textContent)).functions.length;
  assert.ok((await explorer.locator("tbody tr").count()) < 90, "only rows in view are in the document");
  const shares = () => explorer.locator("tbody tr:not(.gap):not(.detail) td:nth-child(10)").allInnerTexts();
  const numbers = async () => (await shares()).filter((share) => share !== "–").map((share) => (share === "<0.1" ? 0.05 : Number(share)));
  for (const [direction, sign] of [["descending", -1], ["ascending", 1]]) {
    await explorer.locator("thead th:nth-child(10) button").click();
    assert.equal(await explorer.locator("th:nth-child(10)").getAttribute("aria-sort"), direction);
    const found = await numbers();
    assert.deepEqual(found, [...found].sort((a, b) => sign * (a - b)), `sorted ${direction}`);
  }
  const sortMilliseconds = Number(await explorer.getAttribute("data-sort-milliseconds"));
  await explorer.locator("thead th:nth-child(1) button").click();
  if (total > 1000) {
    await explorer.locator(".rows").evaluate((rows) => { rows.scrollTop = rows.scrollHeight / 2; });
    await page.waitForTimeout(100);
    const index = Number(await explorer.locator("tbody tr[aria-rowindex]").first().getAttribute("aria-rowindex"));
    assert.ok(index > total / 3 && index < total, `row ${index} in the middle of ${total}`);
    assert.ok((await explorer.locator("tbody tr").count()) < 90);
    await explorer.locator(".rows").evaluate((rows) => { rows.scrollTop = 0; });
  }
  const row = explorer.locator(".unfold").first();
  const name = await row.innerText();
  await row.focus();
  await page.keyboard.press("Enter");
  assert.equal(await row.getAttribute("aria-expanded"), "true");
  assert.match(await text(page, "#explorer .detail"), /Verdict/);
  await shoot(page, task, "unfolded");
  await page.keyboard.press("Enter");
  assert.equal(await explorer.locator(".detail").count(), 0);
  await page.locator("#function-search").fill(name.slice(0, 60).trim());
  assert.match(await told.innerText(), new RegExp(`^\\d[\\d,]* (of [\\d,]+ )?functions$`));
  assert.ok((await explorer.locator(".unfold").allInnerTexts()).includes(name));
  await page.locator("#function-search").fill("no function has this name");
  assert.match(await told.innerText(), /^0 of/);
  await page.locator("#function-search").fill("");
  const verdict = page.locator("#function-verdict"), value = await verdict.locator("option").nth(1).getAttribute("value");
  await verdict.selectOption(value);
  assert.match(await told.innerText(), /functions$/);
  await verdict.selectOption("");
  return { functions: total, sortMilliseconds };
};

const flame = async (page, task) => {
  const graph = page.locator(".flame"), visible = graph.locator(".frame:not([hidden])");
  const all = await visible.count();
  assert.ok(all > 1, "frames");
  await graph.scrollIntoViewIfNeeded();
  await shoot(page, task, "flame");
  const colours = new Set();
  for (const view of await page.locator(".switch button").all()) {
    await view.click();
    assert.equal(await view.getAttribute("aria-pressed"), "true");
    assert.equal(await page.locator(".legend:not([hidden])").count(), 1);
    colours.add(await graph.locator(".frame").evaluateAll((boxes) => boxes.map((box) => box.style.backgroundColor).join()));
  }
  assert.ok(colours.size > 1, "views differ");
  const drawn = await visible.count();
  // The narrowest frame, by the keyboard; its family fills the width, and Escape leads back.
  const last = visible.last();
  await last.evaluate((box) => box.click());
  const share = (locator) => locator.evaluate((box) => parseFloat(box.style.width));
  assert.equal(await share(last), 100);
  assert.ok((await visible.count()) < drawn);
  await page.keyboard.press("Escape");
  assert.equal(await visible.count(), drawn);
  assert.ok((await share(last)) < 100);
  await graph.locator(".frame[tabindex='0']").focus();
  await page.keyboard.press("ArrowDown");
  assert.equal(await graph.locator(".frame:focus").count(), 1);
  const name = await last.locator("span").evaluate((span) => span.textContent);
  await page.locator("#flame-search").fill(name.slice(0, 40));
  assert.ok((await graph.locator(".frame.hit").count()) > 0);
  await page.locator("#flame-search").fill("");
  return { frames: all };
};

// A name may be shown, and nothing else: no element, no script, no dialog comes of it.
const attacked = async (page, task) => {
  assert.equal(await page.locator("img, iframe, object, embed, link, base, form, style ~ style").count(), 0);
  const scripts = await page.locator("script").evaluateAll((all) => all.map((one) => one.type));
  assert.deepEqual(scripts.filter((type) => type !== "application/json"), [""]);
  assert.equal(await page.evaluate(() => window.owned), undefined);
  const shown = await page.evaluate(() => document.body.innerText);
  assert.ok(!/[\u0000-\u0008\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]/.test(shown), "nothing turns the line around");
  if (task.name) assert.ok(shown.includes(task.name), `${JSON.stringify(task.name)} is shown`);
};

// The text of a page on paper, as another's reader finds it.
const onPaper = async (page) => {
  const file = path.join(profile, "paper.pdf");
  fs.writeFileSync(file, await page.pdf({ format: "A4" }));
  return execFileSync("pdftotext", ["-layout", file, "-"], { maxBuffer: 1 << 28 }).toString();
};

// Of many functions the first hundred of those chosen are printed, as they are sorted, and how many more
// there are; afterwards the page is where it was.
const sheets = async (page, task) => {
  const explorer = page.locator("#explorer"), rows = explorer.locator(".rows"), names = /\bfunction_\d+\b/g;
  await page.locator("#function-search").fill("module_7.py");
  await explorer.locator("thead th:nth-child(10) button").click();
  let text = await onPaper(page);
  assert.match(text, /50 of 10,000 functions, with “module_7\.py” in name or file, by Share %, largest first\./);
  assert.ok(!/And [\d,]+ more functions/.test(text), "fifty are all");
  await page.locator("#function-search").fill("");
  const order = () => page.evaluate(() => [...document.querySelectorAll("#explorer .unfold")].map((button) => button.textContent));
  const first = await order();
  await rows.evaluate((box) => { box.scrollTop = 5000 * 34; });
  await page.waitForTimeout(100);
  const before = await order();
  await page.evaluate(() => addEventListener("beforeprint", () => {
    window.printed = [...document.querySelectorAll("#explorer .unfold")].map((button) => button.textContent);
  }, { once: true }));
  text = await onPaper(page);
  const printed = await page.evaluate(() => window.printed);
  assert.equal(printed.length, 100);
  assert.deepEqual(printed.slice(0, first.length), first, "as they are sorted");
  const read = new Set(text.match(names));
  assert.deepEqual(printed.filter((name) => !read.has(name)), [], "every printed row is on paper");
  assert.match(text, /10,000 functions, by Share %, largest first\./);
  const headings = text.match(/Function +Where +Self n\^ +Calls n\^ +Total n\^ +Verdict/g) ?? [];
  assert.ok(headings.length > 1, `every sheet has the headings of the columns: ${headings.length}`);
  assert.match(text, /And 9,900 more functions: the page itself has them all/);
  assert.deepEqual(await order(), before, "the page is where it was");
  assert.equal(await rows.evaluate((box) => box.scrollTop), 5000 * 34);
  assert.ok(!(await explorer.locator(".paper").first().isVisible()), "paper alone says so");
  await rows.evaluate((box) => { box.scrollTop = 0; });
  if (shots) fs.copyFileSync(path.join(profile, "paper.pdf"), path.join(shots, `${path.basename(task.file, ".html")}-paper.pdf`));
};

// On paper: nothing is wider than the sheet, everything is unfolded, and a PDF comes of it.
const printed = async (page, task) => {
  const sheet = 718;
  const pdf = await page.pdf({ format: "A4", printBackground: true, margin: { top: "12mm", bottom: "12mm", left: "10mm", right: "10mm" } });
  assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
  if (shots) fs.writeFileSync(path.join(shots, `${path.basename(task.file, ".html")}.pdf`), pdf);
  await page.emulateMedia({ media: "print" });
  await page.setViewportSize({ width: sheet, height: 1000 });
  const cut = await page.evaluate((sheet) => [...document.querySelectorAll("main table, main svg, main pre, main p")]
    .filter((element) => element.getClientRects().length && element.getBoundingClientRect().right > sheet + 1)
    .map((element) => element.outerHTML.slice(0, 160)), sheet);
  assert.deepEqual(cut, [], `${task.file} on paper`);
  const folded = await page.locator("main details:not([open]) > :not(summary)").first().isVisible().catch(() => false);
  assert.ok(!folded);
  await page.emulateMedia({ media: "screen", colorScheme: "light" });
  await page.setViewportSize(wide);
  return { pdfBytes: pdf.length, pdfPages: pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length };
};

// A page whose noise is that of the task at hand.
const listening = async () => {
  const page = await context.newPage(), heard = { noise: [] };
  page.on("console", (message) => { if (["error", "warning"].includes(message.type())) heard.noise.push(message.text()); });
  page.on("pageerror", (error) => heard.noise.push(String(error.stack)));
  page.on("dialog", (dialog) => { heard.noise.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("request", (request) => { if (!request.url().startsWith("file:")) heard.noise.push(`request: ${request.url()}`); });
  return { page, heard };
};

const check = async (page, task, result) => {
  await page.goto(pathToFileURL(task.file).href);
  if (task.kind === "svg") {
    const seen = await page.evaluate(() => ({
      name: document.documentElement.localName, faults: document.querySelectorAll("parsererror").length,
      owned: window.owned, shown: document.documentElement.textContent,
    }));
    assert.equal(seen.name, "svg");
    assert.equal(seen.faults, 0);
    assert.equal(seen.owned, undefined);
    if (task.name) assert.ok(seen.shown.includes(task.name), `${JSON.stringify(task.name)} is shown`);
    return;
  }
  result.firstPaintMilliseconds = await page.evaluate(() => new Promise((resolve) => {
    const paint = () => performance.getEntriesByName("first-contentful-paint")[0];
    const look = () => (paint() ? resolve(Math.round(paint().startTime)) : setTimeout(look, 20));
    look();
  }));
  await attacked(page, task);
  for (const words of task.words ?? []) assert.ok(await page.getByText(words).first().isVisible(), words);
  if (task.kind !== "page") return;
  await shoot(page, task, "first");
  if (shots && task.print) await page.screenshot({ path: path.join(shots, "whole.png"), fullPage: true });
  const lead = await page.locator(".lead").first().boundingBox();
  assert.ok(lead.y + lead.height < wide.height, "the first sentence is on the first screen");
  if (task.finding) {
    const box = await page.getByText(task.finding).first().boundingBox();
    assert.ok(box.y + box.height < wide.height, "the finding is on the first screen");
  }
  const slopes = page.locator(".slopes-button").first();
  await slopes.click();
  assert.equal(await slopes.getAttribute("aria-pressed"), "true");
  Object.assign(result, await functions(page, task));
  if (await page.locator(".flame").count()) Object.assign(result, await flame(page, task));
  await page.locator("main details").evaluateAll((all) => { if (all[0]) all[0].open = true; });
  await themes(page, task);
  await narrow(page, task);
  if (task.print) Object.assign(result, await printed(page, task));
  if (task.sheets) await sheets(page, task);
};

let failed = false;
const tried = async ({ page, heard }, task) => {
  const begun = performance.now();
  const result = { file: path.basename(task.file), bytes: fs.statSync(task.file).size };
  heard.noise = [];
  try {
    await check(page, task, result);
    assert.deepEqual(heard.noise, [], "console, dialogs, network");
  } catch (error) {
    failed = true;
    result.error = String(error.stack ?? error);
  }
  result.milliseconds = Math.round(performance.now() - begun);
  console.log(JSON.stringify(result));
};

// Pages are tried one after the other, each in a new tab; what is only looked at shares another one.
const pages = async () => {
  for (const task of tasks.filter((task) => task.kind === "page")) {
    const tab = await listening();
    await tab.page.setViewportSize(wide);
    await tried(tab, task);
    await tab.page.close();
  }
};
const stills = async () => {
  const tab = await listening();
  for (const task of tasks.filter((task) => task.kind !== "page")) await tried(tab, task);
  await tab.page.close();
};
await stills();
await pages();
await context.close();
fs.rmSync(profile, { recursive: true, force: true });
process.exit(failed ? 1 : 0);
