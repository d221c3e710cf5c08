// What programs use of Pulumi's standard package (`std`, whose functions are terraform's): its schema is not on npm as
// types, so the few functions are written down here, as https://www.pulumi.com/registry/packages/std states them.

const text = { type: "string", required: true };
const whole = { type: "number", required: true };

export const STD = {
  "std:cidrsubnet": {
    inputs: { input: text, newbits: whole, netnum: whole },
    outputs: { result: text },
    // a call in terraform's language, and what a mocked run answers
    terraform: ({ input, newbits, netnum }) => `cidrsubnet(${input}, ${newbits}, ${netnum})`,
    mock: "2001:db8:0:1::/64",
  },
  "std:jsondecode": {
    inputs: { input: text },
    outputs: { result: { type: "any", required: true } },
    terraform: ({ input }) => `jsondecode(${input})`,
    mock: 1,
  },
};
