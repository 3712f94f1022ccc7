import type { Scope, Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type CodeRoot, type Node, type TSESTree, isFunction, skipWrappers } from '../syntax/node.js';
import { getChildren } from '../syntax/walk.js';
import type { EdgeKind, Graph, Point, PointKind } from './graph.js';

/** What the graph needs to know about calls; answered by the caller, since it may need other graphs for it. */
export interface CallOracle {
  /** Whether the call cannot come back: `process.exit()`, a function that only throws. */
  isNever(call: Node): boolean;
  /** Whether the call cannot throw: `console.log`, `Date.now`, `clearTimeout`, … */
  cannotThrow(call: Node): boolean;
}

/**
 * Builds the control-flow graph of a function, a module body or a static block. Every call, `new`, `await` and
 * `yield` has an edge of kind `throw` unless the oracle knows better; a `finally` block is laid out once for each way
 * of leaving its `try`, so that a path through the graph is a path of the program. Unreachable code has no points.
 */
export function buildGraph(root: CodeRoot, file: SourceFile, oracle: CallOracle): Graph {
  return new GraphBuilder(root, file, oracle).build();
}

/** A way out of nested statements: what control passes through on its way to `destination`. */
interface Target {
  /** The frame that is not left any more; undefined for leaving the function. */
  readonly stop: Frame | undefined;
  readonly destination: Point;
}

interface Frame {
  readonly outer: Frame | undefined;
  readonly kind: 'jump' | 'catch' | 'finally' | 'scope';
  readonly labels?: readonly string[];
  readonly breakTo?: Point;
  readonly continueTo?: Point;
  /** `break` without a label stops here. */
  readonly isBreakable?: boolean;
  readonly catchEntry?: Point;
  readonly finalizer?: TSESTree.BlockStatement;
  readonly leave?: { readonly node: Node; readonly variables: readonly Variable[]; readonly isDisposing: boolean };
  /** Entry points already laid out for leaving through this frame to a destination. */
  readonly exits: Map<Point, Point>;
}

class GraphBuilder {
  readonly #root: CodeRoot;
  readonly #file: SourceFile;
  readonly #oracle: CallOracle;
  readonly #points: Point[] = [];
  readonly #reached = new Set<Point>();
  readonly #exit: Point;
  readonly #throwExit: Point;
  readonly #abandonExit: Point;
  #frame: Frame | undefined;
  /** Where the next point is attached; undefined in unreachable code. */
  #current: Point | undefined;
  #edge: EdgeKind = 'next';
  /** Where the optional chain that is being laid out ends when a link is nullish. */
  #chainEnd: Point | undefined;

  constructor(root: CodeRoot, file: SourceFile, oracle: CallOracle) {
    this.#root = root;
    this.#file = file;
    this.#oracle = oracle;
    this.#current = this.#create('entry', root);
    this.#exit = this.#create('exit', root);
    this.#throwExit = this.#create('throw-exit', root);
    this.#abandonExit = this.#create('abandon-exit', root);
  }

  build(): Graph {
    const entry = this.#current!;
    const root = this.#root;
    if (isFunction(root)) {
      for (const parameter of root.params) this.#parameter(parameter);
      if (root.body.type === 'BlockStatement') this.#body(root, root.body.body);
      else {
        this.#expression(root.body);
        this.#add('return', root.body);
      }
    } else this.#body(root, root.body);
    this.#connect(this.#exit);
    return {
      root,
      entry,
      exit: this.#exit,
      throwExit: this.#throwExit,
      abandonExit: this.#abandonExit,
      points: this.#points,
    };
  }

  /** The statements of the whole root. Its variables need no leaving, since the exit follows, but for those that are disposed. */
  #body(root: CodeRoot, statements: readonly Node[]): void {
    const variables = this.#file.getScopes(root).flatMap((scope) => scope.variables.filter(isUsing));
    const [module] = this.#file.getScopes(root).flatMap((scope) => scope.childScopes.filter((child) => child.block === root));
    variables.push(...(module?.variables.filter((variable) => isUsing(variable) && !variables.includes(variable)) ?? []));
    if (variables.length === 0) {
      this.#statements(statements);
      return;
    }
    const leave = { node: root, variables, isDisposing: true };
    this.#within({ kind: 'scope', leave }, () => this.#statements(statements));
    this.#mayThrow(this.#add('leave', root, { variables, isDisposing: true }));
  }

  // Points and edges

  #create(kind: PointKind, node: Node, extra: Partial<Point> = {}): Point {
    const point: Point = { id: this.#points.length, kind, node, edges: [], ...extra };
    this.#points.push(point);
    return point;
  }

  #add(kind: PointKind, node: Node, extra: Partial<Point> = {}): Point | undefined {
    if (!this.#current) return undefined;
    const point = this.#create(kind, node, extra);
    this.#connect(point);
    this.#moveTo(point);
    return point;
  }

  #connect(to: Point): void {
    if (!this.#current) return;
    const isThere = this.#current.edges.some((edge) => edge.to === to && edge.kind === this.#edge);
    if (!isThere) this.#link(this.#current, this.#edge, to);
  }

  #link(from: Point | undefined, kind: EdgeKind, to: Point): void {
    if (!from) return;
    from.edges.push({ kind, to });
    this.#reached.add(to);
  }

  #moveTo(point: Point | undefined, edge: EdgeKind = 'next'): void {
    this.#current = point;
    this.#edge = edge;
  }

  #join(node: Node, extra: Partial<Point> = {}): Point {
    return this.#create('join', node, extra);
  }

  /** After a test that made something of its own (`if ((await f()).ok)`), the made value is not used any further. */
  #discardTest(test: Node): void {
    if (hasEffect(test)) this.#add('discard', test);
  }

  /** Goes on from `join`, or nowhere when nothing leads there. */
  #continueFrom(join: Point): void {
    this.#moveTo(this.#reached.has(join) ? join : undefined);
  }

  #mayThrow(point: Point | undefined): void {
    this.#link(point, 'throw', this.#wayOut(this.#frame, this.#throwTarget()));
  }

  #throwTarget(): Target {
    for (let frame = this.#frame; frame; frame = frame.outer) {
      if (frame.kind === 'catch') return { stop: frame, destination: frame.catchEntry! };
    }
    return { stop: undefined, destination: this.#throwExit };
  }

  /** The point at which control that leaves `frame` for a target goes first: scopes to leave, `finally` blocks to run. */
  #wayOut(frame: Frame | undefined, target: Target): Point {
    if (!frame || frame === target.stop) return target.destination;
    const known = frame.exits.get(target.destination);
    if (known) return known;
    if (frame.kind !== 'scope' && frame.kind !== 'finally') return this.#wayOut(frame.outer, target);

    const saved = { frame: this.#frame, current: this.#current, edge: this.#edge, chainEnd: this.#chainEnd };
    this.#frame = frame.outer;
    this.#chainEnd = undefined;
    let entry: Point;
    if (frame.kind === 'scope') {
      entry = this.#create('leave', frame.leave!.node, frame.leave);
      frame.exits.set(target.destination, entry);
      this.#moveTo(entry);
      if (frame.leave!.isDisposing) this.#mayThrow(entry);
    } else {
      entry = this.#join(frame.finalizer!);
      frame.exits.set(target.destination, entry);
      this.#moveTo(entry);
      this.#statement(frame.finalizer!);
    }
    if (this.#current) this.#connect(this.#wayOut(frame.outer, target));
    this.#frame = saved.frame;
    this.#chainEnd = saved.chainEnd;
    this.#moveTo(saved.current, saved.edge);
    return entry;
  }

  #leaveTo(target: Target): void {
    if (!this.#current) return;
    this.#connect(this.#wayOut(this.#frame, target));
    this.#moveTo(undefined);
  }

  #within(frame: Omit<Frame, 'outer' | 'exits'>, body: () => void): Frame {
    const outer = this.#frame;
    const inner: Frame = { ...frame, outer, exits: new Map() };
    this.#frame = inner;
    body();
    this.#frame = outer;
    return inner;
  }

  // Scopes

  #declared(node: Node): { variables: Variable[]; isDisposing: boolean } {
    const scope: Scope | undefined = this.#file.getScopes(node).find((candidate) => candidate.type !== 'function');
    const variables = scope ? [...scope.variables] : [];
    const isDisposing = variables.some((variable) => isUsing(variable));
    return { variables, isDisposing };
  }

  /** Runs `body` inside the scope of `node`, which is left on every way out. */
  #scoped(node: Node, body: () => void): void {
    const { variables, isDisposing } = this.#declared(node);
    if (variables.length === 0) {
      body();
      return;
    }
    const leave = { node, variables, isDisposing };
    this.#within({ kind: 'scope', leave }, body);
    const point = this.#add('leave', node, { variables, isDisposing });
    if (isDisposing) this.#mayThrow(point);
  }

  // Statements

  #statements(statements: readonly Node[]): void {
    for (const statement of statements) {
      if (!this.#current) return;
      this.#statement(statement);
    }
  }

  #statement(node: Node, labels: readonly string[] = []): void {
    if (!this.#current) return;
    switch (node.type) {
      case 'BlockStatement':
        this.#scoped(node, () => this.#statements(node.body));
        return;
      case 'ExpressionStatement':
        this.#expression(node.expression);
        this.#add('discard', node.expression);
        return;
      case 'VariableDeclaration':
        for (const declarator of node.declarations) {
          if (!declarator.init) continue;
          this.#expression(declarator.init);
          this.#pattern(declarator.id);
          this.#add('bind', declarator);
          this.#add('discard', declarator.init);
        }
        return;
      case 'ReturnStatement':
        if (node.argument) this.#expression(node.argument);
        this.#add('return', node);
        this.#leaveTo({ stop: undefined, destination: this.#exit });
        return;
      case 'ThrowStatement': {
        this.#expression(node.argument);
        this.#add('throw', node);
        this.#leaveTo(this.#throwTarget());
        return;
      }
      case 'IfStatement':
        this.#if(node);
        return;
      case 'ForStatement':
      case 'WhileStatement':
      case 'DoWhileStatement':
        this.#loop(node, labels);
        return;
      case 'ForInStatement':
      case 'ForOfStatement':
        this.#iteration(node, labels);
        return;
      case 'SwitchStatement':
        this.#switch(node, labels);
        return;
      case 'TryStatement':
        this.#try(node);
        return;
      case 'LabeledStatement':
        this.#labeled(node, labels);
        return;
      case 'BreakStatement':
        this.#add('jump', node);
        this.#break(node.label?.name);
        return;
      case 'ContinueStatement':
        this.#add('jump', node);
        this.#continue(node.label?.name);
        return;
      case 'ClassDeclaration':
        this.#class(node);
        return;
      case 'ExportNamedDeclaration':
        if (node.declaration) this.#statement(node.declaration);
        return;
      case 'ExportDefaultDeclaration':
        if (node.declaration.type === 'ClassDeclaration') this.#class(node.declaration);
        else if (node.declaration.type !== 'FunctionDeclaration' && !node.declaration.type.startsWith('TS')) {
          this.#expression(node.declaration);
          // Exported: whoever imports the module has it.
          this.#add('return', node);
        }
        return;
      case 'TSExportAssignment':
        this.#expression(node.expression);
        this.#add('return', node);
        return;
      case 'WithStatement':
        this.#expression(node.object);
        this.#statement(node.body);
        return;
      case 'TSModuleDeclaration':
        if (node.body?.type === 'TSModuleBlock') this.#statements(node.body.body);
        return;
      case 'TSEnumDeclaration':
        for (const member of node.body?.members ?? node.members ?? []) {
          if (member.initializer) this.#expression(member.initializer);
        }
        return;
      default:
        // Function declarations are hoisted; imports, types and empty statements do nothing.
        return;
    }
  }

  #if(node: TSESTree.IfStatement): void {
    const then = this.#join(node.consequent);
    const otherwise = this.#join(node.alternate ?? node);
    const end = this.#join(node);
    this.#condition(node.test, then, otherwise);
    this.#continueFrom(then);
    this.#discardTest(node.test);
    this.#statement(node.consequent);
    this.#connect(end);
    this.#continueFrom(otherwise);
    this.#discardTest(node.test);
    if (node.alternate) this.#statement(node.alternate);
    this.#connect(end);
    this.#continueFrom(end);
  }

  #loop(node: TSESTree.ForStatement | TSESTree.WhileStatement | TSESTree.DoWhileStatement, labels: readonly string[]): void {
    const run = () => {
      if (node.type === 'ForStatement' && node.init) {
        if (node.init.type === 'VariableDeclaration') this.#statement(node.init);
        else {
          this.#expression(node.init);
          this.#add('discard', node.init);
        }
      }
      const head = this.#join(node, { isLoopHead: true });
      const body = this.#join(node.body);
      const next = this.#join(node);
      const end = this.#join(node);
      // for (let i = 0; i < 3; i++): the first test is known to hold.
      if (node.type === 'ForStatement' && runsAtLeastOnce(node, this.#file)) {
        this.#connect(body);
        this.#moveTo(undefined);
      }
      this.#connect(head);
      this.#moveTo(head);
      if (node.type === 'DoWhileStatement') this.#connect(body);
      else if (node.test) this.#condition(node.test, body, end);
      else this.#connect(body);
      this.#continueFrom(body);
      if (node.test && node.type !== 'DoWhileStatement') this.#discardTest(node.test);
      const frame = { kind: 'jump', labels, breakTo: end, continueTo: next, isBreakable: true } as const;
      this.#within(frame, () => this.#statement(node.body));
      this.#connect(next);
      this.#continueFrom(next);
      if (node.type === 'ForStatement' && node.update) {
        this.#expression(node.update);
        this.#add('discard', node.update);
      }
      if (node.type === 'DoWhileStatement') this.#condition(node.test, head, end);
      else this.#connect(head);
      this.#continueFrom(end);
    };
    if (node.type === 'ForStatement') this.#scoped(node, run);
    else run();
  }

  #iteration(node: TSESTree.ForInStatement | TSESTree.ForOfStatement, labels: readonly string[]): void {
    this.#expression(node.right);
    const head = this.#join(node, { isLoopHead: true });
    const body = this.#join(node.body);
    const end = this.#join(node);
    const isFilled = node.type === 'ForOfStatement' && !node.await && isFilledLiteral(node.right);
    this.#connect(isFilled ? body : head);
    this.#moveTo(head);
    if (node.type === 'ForOfStatement' && node.await) this.#mayThrow(this.#add('await', node));
    const choice = this.#add('branch', node);
    this.#link(choice, 'false', end);
    this.#link(choice, 'true', body);
    this.#moveTo(body);
    const frame = { kind: 'jump', labels, breakTo: end, continueTo: head, isBreakable: true } as const;
    this.#within(frame, () => {
      this.#scoped(node, () => {
        this.#pattern(node.left.type === 'VariableDeclaration' ? node.left.declarations[0].id : node.left);
        this.#add('bind', node);
        this.#statement(node.body);
      });
    });
    this.#connect(head);
    this.#continueFrom(end);
    this.#add('discard', node.right);
  }

  #switch(node: TSESTree.SwitchStatement, labels: readonly string[]): void {
    this.#expression(node.discriminant);
    const end = this.#join(node);
    const frame = { kind: 'jump', labels, breakTo: end, isBreakable: true } as const;
    this.#within(frame, () => {
      this.#scoped(node, () => {
        const bodies = node.cases.map((clause) => this.#join(clause));
        for (const [index, clause] of node.cases.entries()) {
          if (!clause.test || !this.#current) continue;
          this.#expression(clause.test);
          const choice = this.#add('branch', clause.test, { discriminant: node.discriminant });
          this.#link(choice, 'true', bodies[index]!);
          this.#moveTo(choice, 'false');
        }
        const fallback = node.cases.findIndex((clause) => !clause.test);
        const none = this.#join(node);
        this.#connect(fallback === -1 ? none : bodies[fallback]!);
        this.#moveTo(undefined);
        for (const [index, clause] of node.cases.entries()) {
          this.#connect(bodies[index]!);
          this.#continueFrom(bodies[index]!);
          this.#statements(clause.consequent);
        }
        this.#connect(none);
        this.#continueFrom(none);
      });
      this.#connect(end);
    });
    this.#continueFrom(end);
    this.#add('discard', node.discriminant);
  }

  #try(node: TSESTree.TryStatement): void {
    const end = this.#join(node);
    const guarded = () => {
      if (!node.handler) {
        this.#statement(node.block);
        return;
      }
      const { handler } = node;
      const catchEntry = this.#join(handler);
      this.#within({ kind: 'catch', catchEntry }, () => this.#statement(node.block));
      const afterBlock = this.#join(node.block);
      this.#connect(afterBlock);
      this.#continueFrom(catchEntry);
      if (this.#current) {
        this.#scoped(handler, () => {
          if (handler.param) {
            this.#pattern(handler.param);
            this.#add('bind', handler);
          }
          this.#statement(handler.body);
        });
      }
      this.#connect(afterBlock);
      this.#continueFrom(afterBlock);
    };
    if (node.finalizer) {
      this.#within({ kind: 'finally', finalizer: node.finalizer }, guarded);
      this.#statement(node.finalizer);
    } else guarded();
    this.#connect(end);
    this.#continueFrom(end);
  }

  #labeled(node: TSESTree.LabeledStatement, labels: readonly string[]): void {
    const name = node.label.name;
    const isLoop = /^(For|While|DoWhile)/.test(node.body.type);
    if (isLoop || node.body.type === 'LabeledStatement' || node.body.type === 'SwitchStatement') {
      this.#statement(node.body, [...labels, name]);
      return;
    }
    const end = this.#join(node);
    this.#within({ kind: 'jump', labels: [...labels, name], breakTo: end }, () => this.#statement(node.body));
    this.#connect(end);
    this.#continueFrom(end);
  }

  #break(label: string | undefined): void {
    for (let frame = this.#frame; frame; frame = frame.outer) {
      const isTarget = frame.kind === 'jump' && (label === undefined ? frame.isBreakable : frame.labels?.includes(label));
      if (isTarget) {
        this.#leaveTo({ stop: frame, destination: frame.breakTo! });
        return;
      }
    }
    this.#moveTo(undefined);
  }

  #continue(label: string | undefined): void {
    for (let frame = this.#frame; frame; frame = frame.outer) {
      const isTarget = frame.kind === 'jump' && frame.continueTo && (label === undefined || frame.labels?.includes(label));
      if (isTarget) {
        this.#leaveTo({ stop: frame, destination: frame.continueTo! });
        return;
      }
    }
    this.#moveTo(undefined);
  }

  // Conditions

  /** Lays out a test with an edge to `whenTrue` and one to `whenFalse`; `!`, `&&`, `||` and constants are taken apart. */
  #condition(test: Node, whenTrue: Point, whenFalse: Point): void {
    const node = skipWrappers(test);
    if (node.type === 'UnaryExpression' && node.operator === '!') {
      this.#condition(node.argument, whenFalse, whenTrue);
      return;
    }
    if (node.type === 'LogicalExpression' && node.operator !== '??') {
      const right = this.#join(node.right);
      if (node.operator === '&&') this.#condition(node.left, right, whenFalse);
      else this.#condition(node.left, whenTrue, right);
      this.#continueFrom(right);
      this.#condition(node.right, whenTrue, whenFalse);
      return;
    }
    const constant = getConstantTruth(node);
    if (constant !== undefined) {
      this.#connect(constant ? whenTrue : whenFalse);
      this.#moveTo(undefined);
      return;
    }
    this.#expression(test);
    const choice = this.#add('branch', node);
    this.#link(choice, 'true', whenTrue);
    this.#link(choice, 'false', whenFalse);
    this.#moveTo(undefined);
  }

  // Expressions, in the order of evaluation

  #expressions(nodes: readonly (Node | null)[]): void {
    for (const node of nodes) if (node) this.#expression(node);
  }

  #expression(node: Node): void {
    if (!this.#current) return;
    switch (node.type) {
      case 'Identifier':
      case 'Literal':
      case 'ThisExpression':
      case 'Super':
      case 'MetaProperty':
      case 'PrivateIdentifier':
      case 'TemplateElement':
      case 'JSXText':
      case 'JSXEmptyExpression':
        return;
      case 'ArrowFunctionExpression':
      case 'FunctionExpression':
        this.#add('closure', node);
        return;
      case 'ClassExpression':
        this.#class(node);
        return;
      case 'ChainExpression':
        this.#chain(node);
        return;
      case 'MemberExpression':
        this.#member(node);
        return;
      case 'CallExpression':
        this.#call(node);
        return;
      case 'NewExpression':
        this.#expression(node.callee);
        this.#expressions(node.arguments);
        this.#invoke(node);
        return;
      case 'TaggedTemplateExpression':
        this.#expression(node.tag);
        this.#expressions(node.quasi.expressions);
        this.#invoke(node);
        return;
      case 'ImportExpression':
        this.#expression(node.source);
        this.#invoke(node);
        return;
      case 'AwaitExpression':
        this.#expression(node.argument);
        this.#mayThrow(this.#add('await', node));
        return;
      case 'YieldExpression':
        if (node.argument) this.#expression(node.argument);
        this.#yield(node);
        return;
      case 'AssignmentExpression':
        this.#assignment(node);
        return;
      case 'UpdateExpression':
        this.#expression(node.argument);
        this.#add('bind', node);
        return;
      case 'LogicalExpression':
        this.#logical(node);
        return;
      case 'ConditionalExpression':
        this.#conditional(node);
        return;
      case 'SequenceExpression':
        for (const [index, expression] of node.expressions.entries()) {
          this.#expression(expression);
          if (index < node.expressions.length - 1) this.#add('discard', expression);
        }
        return;
      case 'SpreadElement':
        this.#expression(node.argument);
        return;
      case 'ObjectExpression':
        for (const property of node.properties) {
          if (property.type === 'SpreadElement') this.#expression(property.argument);
          else {
            if (property.computed) this.#expression(property.key);
            this.#expression(property.value);
          }
        }
        return;
      default:
        if (node.type.startsWith('TS')) this.#typescript(node);
        else for (const child of getChildren(node, this.#file.visitorKeys)) this.#expression(child);
    }
  }

  /** Casts have a value; everything else of TypeScript inside an expression is a type. */
  #typescript(node: Node): void {
    const inner = skipWrappers(node);
    if (inner !== node) this.#expression(inner);
  }

  #member(node: TSESTree.MemberExpression): void {
    this.#expression(node.object);
    if (node.optional) this.#optional(node.object);
    if (node.computed) this.#expression(node.property);
  }

  #call(node: TSESTree.CallExpression): void {
    this.#expression(node.callee);
    if (node.optional) this.#optional(node.callee);
    this.#expressions(node.arguments);
    this.#invoke(node);
  }

  #invoke(node: Node): void {
    const point = this.#add('call', node);
    if (!point) return;
    if (!this.#oracle.cannotThrow(node)) this.#mayThrow(point);
    if (this.#oracle.isNever(node)) this.#moveTo(undefined);
  }

  #chain(node: TSESTree.ChainExpression): void {
    const outer = this.#chainEnd;
    const end = this.#join(node);
    this.#chainEnd = end;
    this.#expression(node.expression);
    this.#chainEnd = outer;
    this.#connect(end);
    this.#continueFrom(end);
  }

  #optional(object: Node): void {
    const choice = this.#add('branch', skipWrappers(object));
    if (!choice) return;
    this.#link(choice, 'nullish', this.#chainEnd ?? this.#join(object));
    this.#moveTo(choice, 'present');
  }

  #yield(node: TSESTree.YieldExpression): void {
    const point = this.#add('yield', node);
    if (!point) return;
    this.#mayThrow(point);
    this.#link(point, 'abandon', this.#wayOut(this.#frame, { stop: undefined, destination: this.#abandonExit }));
  }

  #logical(node: TSESTree.LogicalExpression): void {
    const right = this.#join(node.right);
    const end = this.#join(node);
    if (node.operator === '??') {
      this.#expression(node.left);
      const choice = this.#add('branch', skipWrappers(node.left));
      this.#link(choice, 'nullish', right);
      this.#link(choice, 'present', end);
      this.#moveTo(undefined);
    } else if (node.operator === '&&') this.#condition(node.left, right, end);
    else this.#condition(node.left, end, right);
    this.#continueFrom(right);
    this.#expression(node.right);
    this.#connect(end);
    this.#continueFrom(end);
  }

  #conditional(node: TSESTree.ConditionalExpression): void {
    const then = this.#join(node.consequent);
    const otherwise = this.#join(node.alternate);
    const end = this.#join(node);
    this.#condition(node.test, then, otherwise);
    for (const [entry, value] of [[then, node.consequent], [otherwise, node.alternate]] as const) {
      this.#continueFrom(entry);
      this.#expression(value);
      this.#connect(end);
    }
    this.#continueFrom(end);
  }

  #assignment(node: TSESTree.AssignmentExpression): void {
    const isLogical = node.operator === '&&=' || node.operator === '||=' || node.operator === '??=';
    if (!isLogical) {
      this.#pattern(node.left);
      this.#expression(node.right);
      this.#add('bind', node);
      return;
    }
    this.#expression(node.left);
    const right = this.#join(node.right);
    const end = this.#join(node);
    const choice = this.#add('branch', node.left);
    const [assigns, keeps] = LOGICAL_ASSIGNMENT_EDGES[node.operator as LogicalAssignment];
    this.#link(choice, assigns, right);
    this.#link(choice, keeps, end);
    this.#continueFrom(right);
    this.#expression(node.right);
    this.#add('bind', node);
    this.#connect(end);
    this.#continueFrom(end);
  }

  // Patterns: what a target evaluates besides binding names

  #pattern(node: Node): void {
    switch (node.type) {
      case 'MemberExpression':
        this.#expression(node.object);
        if (node.computed) this.#expression(node.property);
        return;
      case 'AssignmentPattern': {
        const end = this.#join(node);
        const choice = this.#add('branch', node);
        if (!choice) return;
        this.#link(choice, 'present', end);
        this.#moveTo(choice, 'nullish');
        this.#expression(node.right);
        this.#connect(end);
        this.#continueFrom(end);
        this.#pattern(node.left);
        return;
      }
      case 'ArrayPattern':
        for (const element of node.elements) if (element) this.#pattern(element);
        return;
      case 'ObjectPattern':
        for (const property of node.properties) {
          if (property.type === 'RestElement') this.#pattern(property.argument);
          else {
            if (property.computed) this.#expression(property.key);
            this.#pattern(property.value);
          }
        }
        return;
      case 'RestElement':
        this.#pattern(node.argument);
        return;
      case 'TSParameterProperty':
        this.#pattern(node.parameter);
        return;
      default:
        if (skipWrappers(node) !== node) this.#pattern(skipWrappers(node));
    }
  }

  #parameter(node: TSESTree.Parameter): void {
    this.#pattern(node);
    this.#add('bind', node);
  }

  #class(node: TSESTree.ClassDeclaration | TSESTree.ClassExpression): void {
    for (const decorator of node.decorators ?? []) this.#expression(decorator.expression);
    if (node.superClass) this.#expression(node.superClass);
    for (const member of node.body.body) {
      if (member.type === 'StaticBlock') {
        this.#statements(member.body);
        continue;
      }
      if ('computed' in member && member.computed) this.#expression(member.key);
      const isStaticField = (member.type === 'PropertyDefinition' || member.type === 'AccessorProperty') && member.static;
      if (isStaticField && member.value) {
        this.#expression(member.value);
        // The class object keeps it.
        this.#add('return', member.value);
      }
    }
    this.#add('closure', node);
  }
}

type LogicalAssignment = '&&=' | '||=' | '??=';

const LOGICAL_ASSIGNMENT_EDGES: Record<LogicalAssignment, readonly [EdgeKind, EdgeKind]> = {
  '&&=': ['true', 'false'],
  '||=': ['false', 'true'],
  '??=': ['nullish', 'present'],
};

function isUsing(variable: Variable): boolean {
  return variable.defs.some((definition) => {
    const declaration = definition.node.type === 'VariableDeclarator' ? definition.node.parent : undefined;
    return declaration?.type === 'VariableDeclaration' && (declaration.kind === 'using' || declaration.kind === 'await using');
  });
}

/** for (let i = 0; i < 3; …) with numbers in place, or constants. */
function runsAtLeastOnce({ init, test }: TSESTree.ForStatement, file: SourceFile): boolean {
  if (init?.type !== 'VariableDeclaration' || test?.type !== 'BinaryExpression' || test.left.type !== 'Identifier') return false;
  const counter = init.declarations.find(({ id }) => id.type === 'Identifier' && id.name === (test.left as TSESTree.Identifier).name);
  const start = counter?.init?.type === 'Literal' ? counter.init.value : undefined;
  const named = test.right.type === 'Identifier' ? file.getVariable(test.right) : undefined;
  const bound = named ? file.getOnlyValue(named) : test.right;
  const limit = bound?.type === 'Literal' ? bound.value : undefined;
  if (typeof start !== 'number' || typeof limit !== 'number') return false;
  switch (test.operator) {
    case '<':
      return start < limit;
    case '<=':
      return start <= limit;
    case '>':
      return start > limit;
    case '>=':
      return start >= limit;
    default:
      return false;
  }
}

function isFilledLiteral(iterable: Node): boolean {
  const node = skipWrappers(iterable);
  return node.type === 'ArrayExpression' && node.elements.some((element) => element !== null && element.type !== 'SpreadElement');
}

function hasEffect(test: Node): boolean {
  switch (test.type) {
    case 'Identifier':
    case 'Literal':
    case 'ThisExpression':
      return false;
    case 'MemberExpression':
      return hasEffect(test.object);
    case 'UnaryExpression':
      return hasEffect(test.argument);
    case 'BinaryExpression':
    case 'LogicalExpression':
      return hasEffect(test.left) || hasEffect(test.right);
    default:
      return true;
  }
}

function getConstantTruth(node: Node): boolean | undefined {
  if (node.type === 'Literal' && !('regex' in node)) return Boolean(node.value);
  return undefined;
}
