// What is wrong with a page for people who see or hear it; a list of words, empty if nothing is.
() => {
  const found = [];
  const every = (selector) => [...document.querySelectorAll(selector)];
  const part = (v) => (v / 255 <= 0.03928 ? v / 3294.6 : ((v / 255 + 0.055) / 1.055) ** 2.4);
  const bright = ([r, g, b]) => 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  const read = (text) => text.match(/[\d.]+/g).map(Number);
  const paper = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = read(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  for (const node of every("body *")) {
    const own = [...node.childNodes].some((c) => c.nodeType === 3 && c.textContent.trim());
    if (!own || !node.getClientRects().length) continue;
    const pair = [bright(read(getComputedStyle(node).color)), bright(paper(node))];
    const contrast = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
    if (contrast < 4.5) found.push(`contrast ${contrast}: ${node.outerHTML.slice(0, 80)}`);
  }
  for (const node of every("input:not([type=hidden]), select"))
    if (!node.labels.length) found.push(`no label: ${node.outerHTML}`);
  for (const node of every("a, button"))
    if (!node.textContent.trim()) found.push(`no name: ${node.outerHTML}`);
  for (const node of every("table"))
    if (!node.querySelector("th[scope]")) found.push(`no heading: ${node.outerHTML}`);
  const levels = every("h1, h2, h3").map((node) => Number(node.tagName[1]));
  levels.forEach((level, at) => {
    if (level > (levels[at - 1] ?? 0) + 1) found.push(`a heading of level ${level} too deep`);
  });
  if (levels.filter((level) => level === 1).length !== 1) found.push("not one h1");
  if (every("main").length !== 1) found.push("not one main");
  if (!document.documentElement.lang || !document.title) found.push("no language or title");
  const ids = every("[id]").map((node) => node.id);
  if (new Set(ids).size !== ids.length) found.push("an id stands twice");
  return found;
};
