/** Stands for what the playground never comes to: modules of Node, the rules of ESLint itself, typed linting. */
export default {};
