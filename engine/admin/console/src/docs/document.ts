// The parts of an OpenAPI 3.1 document that the page shows.
export interface Schema {
  $ref?: string;
  type?: string | string[];
  description?: string;
  enum?: unknown[];
  format?: string;
  default?: unknown;
  minimum?: number;
  maximum?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  required?: string[];
  oneOf?: Schema[];
  allOf?: Schema[];
}

export interface Content {
  schema?: Schema;
  example?: unknown;
}

export interface Answer {
  description: string;
  content?: Record<string, Content>;
}

export interface Parameter {
  name: string;
  in: string;
  description?: string;
  required?: boolean;
  schema: Schema;
}

export interface Operation {
  tags: string[];
  operationId: string;
  summary: string;
  description?: string;
  security?: Record<string, string[]>[];
  parameters?: (Parameter | { $ref: string })[];
  requestBody?: { required?: boolean; content: Record<string, Content> };
  responses: Record<string, Answer | { $ref: string }>;
}

export interface Document {
  info: { title: string; version: string; description: string };
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, Operation>>;
}

export interface Call {
  method: string;
  path: string;
  operation: Operation;
}

export function callsOf(document: Document): Call[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })));
}

// What a reference points to; the thing itself when it is none.
export function follow<T>(document: Document, thing: T | { $ref: string }): T {
  if (typeof thing !== 'object' || thing === null || !('$ref' in thing) || typeof thing.$ref !== 'string') return thing as T;
  let place: unknown = document;
  for (const name of thing.$ref.replace('#/', '').split('/')) place = (place as Record<string, unknown>)[name];
  return place as T;
}

// How one would try it on a command line.
export function curlOf({ method, path, operation }: Call, origin: string): string {
  const words = ['curl'];
  if (method !== 'GET') words.push('-X', method);
  const guard = operation.security?.[0] ?? (operation.security ? null : { apiKey: [] });
  if (guard && 'apiKey' in guard) words.push('-H', '"X-API-Key: $API_KEY"');
  else if (guard) words.push('-H', '"Authorization: Bearer $BOT_TOKEN"');
  const example = operation.requestBody?.content['application/json']?.example;
  if (example !== undefined) words.push('-H', '"Content-Type: application/json"', '-d', `'${JSON.stringify(example)}'`);
  words.push(`'${origin}${path}'`);
  return words.join(' ');
}
