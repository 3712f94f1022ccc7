/** What every rule can be told. */
export interface SharedOptions {
  readonly checkTestFiles: boolean;
  readonly includePotential: boolean;
}

export const sharedOptions = {
  checkTestFiles: {
    type: 'boolean',
    description: 'Also check files that are tests by their name, their folder or what they import.',
    default: false,
  },
  includePotential: {
    type: 'boolean',
    description: 'Also report what is likely but not shown on every step.',
    default: false,
  },
} as const;
