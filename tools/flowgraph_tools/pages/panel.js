// Builds the parts of the side panel from the records of a page. Everything shown is text, never markup.

const UNITS = [["GiB", 2 ** 30], ["MiB", 2 ** 20], ["KiB", 2 ** 10]];

export function element(kind, attributes = {}, ...children) {
  const made = document.createElement(kind);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null) made.setAttribute(name, value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== ""));
  return made;
}

export function bytes(count) {
  for (const [unit, step] of UNITS) if (count >= step) return `${(count / step).toFixed(1)} ${unit}`;
  return `${count} B`;
}

export function milliseconds(seconds) {
  const value = seconds * 1000;
  return `${value < 1 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : Math.round(value).toLocaleString("en")} ms`;
}

export function percent(share) {
  return `${Math.round(share * 100)} %`;
}

export function meter(part, label) {
  const width = `width:${Math.max(0, Math.min(1, part)) * 100}%`;
  return element("div", { class: "meter", role: "img", "aria-label": label }, element("span", { style: width }));
}

function list(pairs) {
  const shown = pairs.filter(([, value]) => value !== "" && value !== null);
  return element("dl", { class: "facts" }, shown.flatMap(([name, value]) => [
    element("dt", {}, name), element("dd", {}, String(value))]));
}

function section(title, content, kind = "") {
  const kept = [content].flat().filter(Boolean);
  return kept.length ? [element("section", { class: kind }, element("h3", {}, title), ...kept)] : [];
}

function table(heads, rows) {
  return element("table", {},
    element("thead", {}, element("tr", {}, heads.map(([text, kind]) => element("th", { class: kind, scope: "col" }, text)))),
    element("tbody", {}, rows));
}

function label(picture) {
  return picture.index < 0 ? "the one picture of the run" : `frame ${picture.index}`;
}

export function pictures(found) {
  if (!found.length) return null;
  return element("div", { class: "pictures" }, found.map((each) => element("figure", {},
    element("img", { src: each.address, width: each.width, height: each.height, alt: label(each) }),
    element("figcaption", {}, label(each)))));
}

function streams(found, verb) {
  return found.map((each) => element("tr", {},
    element("td", {}, each.port, element("span", { class: "help" }, [verb, each.node].filter(Boolean).join(" "))),
    element("td", {}, each.format, each.how ? element("span", { class: "help" }, each.how) : ""),
    element("td", { class: "number" }, each.nbytes ? bytes(each.nbytes) : "")));
}

// Everything about one node: `node` is a record of flowgraph_tools.facts with `measure` and `pictures`.
export function nodePanel(node, back) {
  const measure = node.measure;
  return [
    element("button", { class: "back", onclick: back, title: "All nodes (Esc)" }, "all nodes"),
    element("h2", {}, node.name),
    element("p", { class: "soft" }, [node.type, ["node", node.type].includes(node.kind) ? "" : node.kind, node.added ? "added by the engine" : ""].filter(Boolean).join(" · ")),
    pictures(node.pictures ?? []),
    measure ? list([
      ["time a frame", milliseconds(measure.each)],
      ["95 % below", measure.p95 === null ? "" : milliseconds(measure.p95)],
      ["share of the time", percent(measure.share)],
      ["waited a frame", measure.waited ? milliseconds(measure.waited / Math.max(1, measure.fired)) : ""],
      ["frames", measure.fired.toLocaleString("en")],
    ]) : null,
    ...node.doc.split(/\n\s*\n/).filter(Boolean).map((text) => element("p", { class: "doc" }, text)),
    ...section("In the graph file", node.lines ? [element("p", { class: "soft", title: node.lines.file }, `${node.lines.file.split(/[\\/]/).pop()}, line ${node.lines.first}`),
      element("pre", {}, node.lines.text)] : null),
    ...section("Parameters", node.parameters.length ? table([["name"], ["value"]], node.parameters.map((each) =>
      element("tr", { class: each.default ? "default" : "" },
        element("td", {}, each.name, each.live ? element("span", { class: "help" }, "live") : ""),
        element("td", {}, each.value, element("span", { class: "help" }, [each.help, each.takes].filter(Boolean).join("; ")))))) : null),
    ...section("Formats", node.reads.length + node.makes.length ? table([["port"], ["format"], ["frame", "number"]],
      [...streams(node.reads, "reads"), ...streams(node.makes, "makes")]) : null),
    ...section("Why", node.why.length ? element("ul", {}, node.why.map((text) => element("li", {}, text))) : null),
    ...section("Memory", node.memory.length ? table([["for"], ["at most", "number"]], node.memory.map((each) =>
      element("tr", {}, element("td", {}, each.what, each.reason ? element("span", { class: "help" }, each.reason) : ""),
        element("td", { class: "number" }, bytes(each.nbytes))))) : null),
    node.clock ? list([["clock", node.clock], ["also called", node.aliases.join(", ")]]) : null,
  ].filter(Boolean);
}

// All nodes: the slowest first where times are known, else in the order of flow.
export function nodeTable(nodes, choose) {
  const timed = nodes.some((node) => node.measure);
  const shown = timed ? [...nodes].sort((a, b) => (b.measure?.seconds ?? 0) - (a.measure?.seconds ?? 0)) : nodes;
  const most = Math.max(0.06, ...nodes.map((node) => node.measure?.share ?? 0));
  const known = nodes.some((node) => node.makes.length);
  const heads = timed ? [["node"], ["ms/frame", "number"], ["share", "number"]] : [["node"], [known ? "makes" : "does"]];
  return table(heads, shown.map((node) => {
    const share = node.measure?.share ?? 0;
    const name = element("td", {}, element("button", {}, node.name), " ", element("span", { class: "soft" }, node.type),
      timed ? meter(share / most, percent(share)) : "");
    const cells = timed
      ? [element("td", { class: "number" }, node.measure ? milliseconds(node.measure.each) : "–"),
         element("td", { class: "number" }, node.measure ? percent(share) : "–")]
      : [element("td", {}, known ? node.makes.map((each) => each.format).join(", ") || "–" : node.doc.split("\n")[0])];
    return element("tr", { class: `pick ${timed ? `h${Math.round(5 * share / most)}` : ""}`, onclick: () => choose(node.id) }, name, ...cells);
  }));
}

// What is known of the whole: of a plan, or of a finished run.
export function wholePanel(page, choose) {
  const run = page.run;
  const parts = [];
  if (run) {
    const used = `${bytes(run.peak_bytes)} of at most ${bytes(run.bound_bytes)}`;
    parts.push(element("h2", {}, run.state),
      list([["frames", run.frames.toLocaleString("en")], ["time", `${run.seconds.toFixed(1)} s`],
        ["frames a second", run.seconds ? (run.frames / run.seconds).toFixed(1) : ""], ["memory", used]]),
      meter(run.peak_bytes / Math.max(1, run.bound_bytes), used),
      ...run.outputs.map((line) => element("p", {}, line)));
    if (run.error) parts.push(element("pre", {}, run.error));
  } else if (page.about) {
    parts.push(element("p", {}, page.about));
  }
  if (!run && page.bound_bytes) {
    parts.push(list([["passes", page.passes], ["memory", `at most ${bytes(page.bound_bytes)}`]]));
  }
  parts.push(...section(run ? "Nodes, the slowest first" : "Nodes", nodeTable(page.nodes, choose), "nodes"));
  const said = [...page.notes, ...page.warnings];
  parts.push(...section("Notes", said.length ? element("ul", {}, said.map((text) => element("li", {}, text))) : null));
  parts.push(...section("Changes of parameters", page.changes.length ? table([["from frame", "number"], ["change"]],
    page.changes.map(([index, text]) => element("tr", {}, element("td", { class: "number" }, String(index)), element("td", {}, text)))) : null));
  parts.push(...section("Parameters of the graph", page.values.length ? list(page.values) : null));
  if (page.plan) parts.push(element("details", {}, element("summary", {}, "Plan"), element("pre", {}, page.plan)));
  if (page.file) parts.push(element("details", { open: !run && "" }, element("summary", {}, "Graph file"), element("pre", {}, page.file)));
  if (page.versions.length) parts.push(element("details", {}, element("summary", {}, "Versions"), list(page.versions)));
  return parts;
}
