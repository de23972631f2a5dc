// Pictures of a report for the front page: the first screen, the scaling flame graph, the functions unfolded.
// Usage: node shots.mjs PAGE.html FOLDER [png]; WebP unless told otherwise.
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(new URL("../../target/browser/", import.meta.url));
const { chromium } = require("playwright-core");
const [file, folder, format = "webp"] = process.argv.slice(2);
const size = { width: 1180, height: 760 };

const profile = fs.mkdtempSync(path.join(os.tmpdir(), "superlinear-shots-"));
const context = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.SUPERLINEAR_CHROMIUM ?? "/usr/bin/chromium", headless: true, viewport: size, offline: true, colorScheme: "light",
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const page = await context.newPage();
const client = await context.newCDPSession(page);
const shoot = async (name) => {
  const quality = format === "png" ? {} : { quality: 80 };
  const { data } = await client.send("Page.captureScreenshot", { format, ...quality });
  const picture = path.join(folder, `${name}.${format}`);
  fs.writeFileSync(picture, Buffer.from(data, "base64"));
  console.log(`${picture}: ${fs.statSync(picture).size} bytes`);
};
const top = (selector) => page.locator(selector).first().evaluate((element) => {
  document.documentElement.style.scrollBehavior = "auto";
  scrollTo(0, element.getBoundingClientRect().top + scrollY - 60);
});

await page.goto(pathToFileURL(path.resolve(file)).href);
await shoot("first-screen");
await top("#flame-graphs");
await shoot("scaling-flame-graph");
await page.locator("#explorer .unfold").first().click();
await top("#all-functions");
await page.waitForTimeout(200);
await shoot("all-functions");
await context.close();
fs.rmSync(profile, { recursive: true, force: true });
