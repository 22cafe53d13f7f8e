// A schema as a tree of names, types and sentences; what it refers to opens on demand.
import { type Document, type Schema, follow } from './document';
import { Prose } from './prose';

const nameOf = (schema: Schema) => schema.$ref?.split('/').at(-1);

export function typeOf(schema: Schema): string {
  if (schema.$ref) return nameOf(schema)!;
  if (schema.oneOf) return schema.oneOf.map(typeOf).join(' or ');
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(' | ');
  const types = [schema.type ?? 'any'].flat();
  const named = types.map((type) => (type === 'array' ? `list of ${schema.items ? typeOf(schema.items) : 'anything'}` : type === 'string' && schema.format === 'date-time' ? 'time' : type));
  return named.join(' or ');
}

// The object behind a property, if there is one to open.
function inside(document: Document, schema: Schema): Schema | null {
  const found = follow<Schema>(document, schema);
  if (found.properties || found.allOf) return found;
  if (found.items) return inside(document, found.items);
  const one = found.oneOf?.find((each) => each.$ref || each.properties);
  return one ? inside(document, one) : null;
}

function propertiesOf(document: Document, schema: Schema): [string, Schema, boolean][] {
  const own = Object.entries(schema.properties ?? {}).map(([name, one]): [string, Schema, boolean] => [name, one, schema.required?.includes(name) ?? false]);
  const others = (schema.allOf ?? []).flatMap((part) => propertiesOf(document, follow<Schema>(document, part)));
  return [...others, ...own];
}

export function SchemaTree({ document, schema, depth = 0 }: { document: Document; schema: Schema; depth?: number }) {
  const object = inside(document, schema);
  if (!object) return <p class="soft">{typeOf(schema)}{schema.description && <> · <Prose text={schema.description} /></>}</p>;
  return (
    <ul class="tree">
      {propertiesOf(document, object).map(([name, one, required]) => {
        const more = depth < 6 && inside(document, one);
        const note = one.description ?? (one.$ref ? undefined : one.items?.description);
        const head = <><code>{name}</code> <span class="soft">{typeOf(one)}{!required && ', may be missing'}</span>{note && <span class="note"><Prose text={note} /></span>}</>;
        return <li key={name}>{more ? <details><summary>{head}</summary><SchemaTree document={document} schema={one} depth={depth + 1} /></details> : head}</li>;
      })}
    </ul>
  );
}
