/** Whether a text field has the focus, so that nothing else should take it. */
export const isTyping = () =>
  document.activeElement?.matches(
    "textarea, select, input:not([type=file], [type=checkbox], [type=radio], [readonly])",
  ) ?? false
