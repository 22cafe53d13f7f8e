// One call of the API: what it takes, what it answers, how to try it.
import { DataBlock } from '../parts/data_block';
import { type Answer, type Call, type Content, type Document, type Parameter, curlOf, follow } from './document';
import { Prose } from './prose';
import { SchemaTree, typeOf } from './schema_tree';

function Parameters({ all }: { all: Parameter[] }) {
  if (all.length === 0) return null;
  return (
    <section>
      <h4>Parameters</h4>
      <ul class="tree">
        {all.map((one) => (
          <li key={one.name}>
            <code>{one.name}</code> <span class="soft">{typeOf(one.schema)}, in the {one.in}{one.required ? '' : ', may be missing'}{one.schema.default !== undefined && `; ${JSON.stringify(one.schema.default)} by default`}</span>
            {one.description && <span class="note"><Prose text={one.description} /></span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Body({ document, content }: { document: Document; content: Record<string, Content> | undefined }) {
  return (
    <>
      {Object.entries(content ?? {}).map(([kind, { schema, example }]) => (
        <div key={kind}>
          {kind !== 'application/json' && kind !== 'application/problem+json' && <p class="soft">{kind}</p>}
          {schema && <SchemaTree document={document} schema={schema} />}
          {example !== undefined && <DataBlock label="For example" value={example} />}
        </div>
      ))}
    </>
  );
}

export function CallView({ document, call }: { document: Document; call: Call }) {
  const { operation, method, path } = call;
  const answers = Object.entries(operation.responses).map(([status, answer]): [string, Answer] => [status, follow<Answer>(document, answer)]);
  const isOpen = operation.security?.length === 0;
  return (
    <article id={operation.operationId} class="panel call" tabIndex={-1}>
      <header>
        <h3><span class={`method ${method.toLowerCase()}`}>{method}</span> <code>{path}</code></h3>
        <p class="lead">{operation.summary}{isOpen && <span class="chip plain">no key</span>}</p>
        {operation.description && <p class="soft"><Prose text={operation.description} /></p>}
      </header>
      <Parameters all={(operation.parameters ?? []).map((one) => follow<Parameter>(document, one))} />
      {operation.requestBody && <section><h4>Body{!operation.requestBody.required && <span class="soft"> (may be empty)</span>}</h4><Body document={document} content={operation.requestBody.content} /></section>}
      <section>
        <h4>Answers</h4>
        {answers.map(([status, answer]) => (
          <details class="answer" key={status} open={status.startsWith('2') && answer.content?.['application/json'] !== undefined}>
            <summary><span class={`chip ${status.startsWith('2') ? 'good' : 'plain'}`}>{status}</span> <Prose text={answer.description} /></summary>
            <Body document={document} content={answer.content} />
          </details>
        ))}
      </section>
      <DataBlock label="On a command line" value={curlOf(call, location.origin)} />
    </article>
  );
}
