import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

/** The reference of the runtime, one page for each export, from the types and comments in its sources. */
export default {
  plugin: ['typedoc-plugin-markdown', nameOptions],
  tsconfig: at('../../runtime/tsconfig.json'),
  entryPoints: ['index.ts', 'testing/index.ts', 'testing/preload.ts'].map((file) => at(`../../runtime/${file}`)),
  name: 'watertight-runtime',
  readme: 'none',
  out: at('../api'),
  entryFileName: 'index',
  modulesFileName: 'index',
  hidePageHeader: true,
  hideBreadcrumbs: true,
  disableSources: true,
  excludePrivate: true,
  excludeInternal: true,
  excludeExternals: true,
  useCodeBlocks: true,
  expandParameters: true,
  pageTitleTemplates: { member: ({ name }) => name },
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  typeAliasPropertiesFormat: 'table',
  propertyMembersFormat: 'table',
  // Undocumented exports fail the build.
  validation: { notExported: false, invalidLink: true, notDocumented: true },
  requiredToBeDocumented: ['Class', 'Interface', 'Function', 'Variable', 'TypeAlias', 'Enum', 'Method', 'Property', 'Accessor', 'CallSignature'],
  // A condition on a type, not a property that anyone can ask for.
  intentionallyNotDocumented: ['watertight-runtime.StatusOf.__type.status'],
  treatValidationWarningsAsErrors: true,
};

/** Parameters that are taken apart where they stand have no name; readers know them as `options`. */
function nameOptions(app) {
  app.converter.on('createParameter', (_context, parameter) => {
    if (parameter.name === '__namedParameters') parameter.name = 'options';
  });
}
