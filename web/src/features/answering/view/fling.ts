/**
 * For what fingers draw on or drag by. A stroke that ends in flight is a fling to the browser even where nothing scrolls, and it takes
 * the tap that follows for what is to stop it: nothing would be pressed.
 */
export function noFling(node: HTMLElement | null): void {
  node?.addEventListener('touchmove', hold, { passive: false })
}

function hold(event: TouchEvent): void {
  event.preventDefault()
}
