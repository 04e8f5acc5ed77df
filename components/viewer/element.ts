type Attributes = Record<string, string | boolean | EventListener>

/**
 * Creates an element. String children become text nodes; a function as attribute becomes an event
 * listener, and a false attribute is left out.
 */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key, value)
    else if (value !== false) made.setAttribute(key, value === true ? "" : value)
  }
  made.append(...children)
  return made
}

const SVG = "http://www.w3.org/2000/svg"

export function svg(name: string, attributes: Record<string, string>, ...children: Node[]) {
  const made = document.createElementNS(SVG, name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  made.append(...children)
  return made
}

const ICONS = {
  close: "M6 6l12 12M18 6L6 18",
  previous: "M15 5l-7 7 7 7",
  next: "M9 5l7 7-7 7",
  larger: "M12 5v14M5 12h14",
  smaller: "M5 12h14",
  fit: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  again: "M20 11a8 8 0 1 0-2.3 6.3M20 4v7h-7",
}

type Icon = keyof typeof ICONS

/** A button with an icon, whose accessible name is `label`. */
export function iconButton(icon: Icon, label: string, onClick: () => void): HTMLButtonElement {
  const drawn = svg(
    "svg",
    { viewBox: "0 0 24 24", "aria-hidden": "true", class: `icon-${icon}` },
    svg("path", { d: ICONS[icon] }),
  )
  const attributes = { type: "button", class: "viewer-icon", "aria-label": label, title: label }
  return element("button", { ...attributes, click: onClick }, drawn)
}
