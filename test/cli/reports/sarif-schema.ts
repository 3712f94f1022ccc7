/**
 * The objects of SARIF 2.1.0 that the reporter writes, each closed to properties it must not have. Written from the
 * specification for this test; what the reporter does not use is not in it.
 * Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
const object = (required: readonly string[], properties: Record<string, object>) => ({ type: 'object', required, properties, additionalProperties: false });
const list = (items: object, more: object = {}) => ({ type: 'array', items, ...more });
const ref = (name: string) => ({ $ref: `#/definitions/${name}` });
const text = { type: 'string' };
const position = { type: 'integer', minimum: 1 };
const message = object(['text'], { text: { type: 'string', minLength: 1 } });

export const SARIF_SCHEMA = {
  ...object(['version', 'runs'], { $schema: { type: 'string', format: 'uri' }, version: { const: '2.1.0' }, runs: list(ref('run'), { minItems: 1 }) }),
  definitions: {
    run: object(['tool', 'results'], {
      tool: object(['driver'], {
        driver: object(['name'], {
          name: text,
          semanticVersion: text,
          informationUri: { type: 'string', format: 'uri' },
          rules: list(object(['id'], { id: text, shortDescription: message, helpUri: { type: 'string', format: 'uri' } }), { uniqueItems: true }),
        }),
      }),
      invocations: list(object(['executionSuccessful'], { executionSuccessful: { type: 'boolean' }, toolExecutionNotifications: list(ref('notification')) })),
      originalUriBaseIds: { type: 'object', additionalProperties: object([], { description: message }) },
      columnKind: { enum: ['utf16CodeUnits', 'unicodeCodePoints'] },
      results: list(ref('result')),
    }),
    notification: object(['message'], {
      descriptor: object([], { id: text }),
      level: ref('level'),
      message,
      locations: list(ref('location')),
    }),
    result: object(['message'], {
      ruleId: text,
      ruleIndex: { type: 'integer', minimum: -1 },
      level: ref('level'),
      message,
      locations: list(ref('location')),
      partialFingerprints: { type: 'object', additionalProperties: text },
      codeFlows: list(object(['threadFlows'], { threadFlows: list(object(['locations'], { locations: list(ref('threadFlowLocation'), { minItems: 1 }) }), { minItems: 1 }) })),
      suppressions: list(object(['kind'], { kind: { enum: ['inSource', 'external'] } }), { uniqueItems: true }),
      properties: { type: 'object' },
    }),
    threadFlowLocation: object([], {
      location: ref('location'),
      kinds: list(text, { uniqueItems: true }),
      executionOrder: { type: 'integer', minimum: -1 },
      importance: { enum: ['important', 'essential', 'unimportant'] },
    }),
    location: object([], {
      physicalLocation: object(['artifactLocation'], {
        artifactLocation: object([], { uri: { type: 'string', format: 'uri-reference' }, uriBaseId: text }),
        region: ref('region'),
      }),
      message,
    }),
    region: object(['startLine'], {
      startLine: position,
      startColumn: position,
      endLine: position,
      endColumn: position,
      snippet: object([], { text }),
    }),
    level: { enum: ['none', 'note', 'warning', 'error'] },
  },
};
