// Making elements. Nothing is ever made of text that is read as HTML.

/** An element with attributes, or properties where a value is a function or a boolean, and children. */
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children)
}

/** The same, of a drawing. */
export function s(tag, attributes = {}, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children)
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function' || typeof value === 'boolean') element[name] = value
    else if (value !== undefined) element.setAttribute(name, value)
  }
  element.append(...children.flat().filter((child) => child !== undefined))
  return element
}

/** Puts children in place of those that an element has, unless they are the same: what has the focus keeps it. */
export function put(element, ...children) {
  const next = h('div', {}, ...children)
  if (element.innerHTML !== next.innerHTML) element.replaceChildren(...next.childNodes)
}
