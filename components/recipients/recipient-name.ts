/** The name of a recipient, else the address. Empty once both are erased. */
export const nameOfRecipient = ({ name, address }: { name: string; address: string }) =>
  name || address
