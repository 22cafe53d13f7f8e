// A Firestore emulator behind the REST interface: what comes as JSON goes to it by gRPC. It prints "listening HOST:PORT".
//
// The calls are those that the engine makes: batchGet, commit, runQuery, and the list of a collection's documents, which the
// emulator lacks and gets as a query.
import { createServer } from "node:http";
import grpc from "@grpc/grpc-js";
import emulator from "@firestore-emulator/server";
import messages from "@firestore-emulator/proto/dist/google/firestore/v1/firestore.js";

const statuses = {
  3: [400, "INVALID_ARGUMENT"], 5: [404, "NOT_FOUND"], 6: [409, "ALREADY_EXISTS"],
  9: [400, "FAILED_PRECONDITION"], 10: [409, "ABORTED"], 14: [503, "UNAVAILABLE"],
};
const operators = { EQUAL: 5 };

const snake = (name) => name.replace(/[A-Z]/g, (c) => "_" + c.toLowerCase());
const mapObject = (object, change) => Object.fromEntries(Object.entries(object ?? {}).map(([key, value]) => [key, change(value)]));

function toTimestamp(text) {
  const [whole, fraction = ""] = text.replace("Z", "").split(".");
  return { seconds: Date.parse(whole + "Z") / 1000, nanos: Number(fraction.padEnd(9, "0")) };
}
function fromTimestamp({ seconds, nanos }) {
  return new Date(Number(seconds) * 1000).toISOString().replace(/\..*/, "." + String(nanos).padStart(9, "0") + "Z");
}

// A value of REST as the generated messages want it, and back.
function toValue(value) {
  const [type, inner] = Object.entries(value)[0];
  switch (type) {
    case "nullValue": return { null_value: 0 };
    case "integerValue": return { integer_value: Number(inner) };
    case "timestampValue": return { timestamp_value: toTimestamp(inner) };
    case "bytesValue": return { bytes_value: Buffer.from(inner, "base64") };
    case "arrayValue": return { array_value: { values: (inner.values ?? []).map(toValue) } };
    case "mapValue": return { map_value: { fields: mapObject(inner.fields, toValue) } };
    default: return { [snake(type)]: inner };
  }
}
function fromValue(value) {
  if (value.has_null_value) return { nullValue: null };
  if (value.has_boolean_value) return { booleanValue: value.boolean_value };
  if (value.has_integer_value) return { integerValue: String(value.integer_value) };
  if (value.has_double_value) return { doubleValue: value.double_value };
  if (value.has_timestamp_value) return { timestampValue: fromTimestamp(value.timestamp_value) };
  if (value.has_string_value) return { stringValue: value.string_value };
  if (value.has_bytes_value) return { bytesValue: Buffer.from(value.bytes_value).toString("base64") };
  if (value.has_array_value) return { arrayValue: { values: value.array_value.values.map(fromValue) } };
  return { mapValue: { fields: fromFields(value.map_value.fields) } };
}
const fromFields = (fields) => Object.fromEntries([...fields.entries()].map(([key, value]) => [key, fromValue(value)]));
const fromDocument = (document) => ({
  name: document.name,
  fields: fromFields(document.fields),
  createTime: fromTimestamp(document.create_time),
  updateTime: fromTimestamp(document.update_time),
});

function toWrite(write) {
  const made = write.delete !== undefined ? { delete: write.delete }
    : { update: { name: write.update.name, fields: mapObject(write.update.fields, toValue) } };
  if (write.updateMask) made.update_mask = { field_paths: write.updateMask.fieldPaths };
  const condition = write.currentDocument;
  if (condition?.updateTime) made.current_document = { update_time: toTimestamp(condition.updateTime) };
  else if (condition) made.current_document = { exists: condition.exists };
  return made;
}
function toFilter(filter) {
  if (filter.compositeFilter) return { composite_filter: { op: 1, filters: filter.compositeFilter.filters.map(toFilter) } };
  const { field, op, value } = filter.fieldFilter;
  if (!(op in operators)) throw new Error("the bridge knows no operator " + op);
  return { field_filter: { field: { field_path: field.fieldPath }, op: operators[op], value: toValue(value) } };
}

const unary = (method, request) => new Promise((resolve, reject) =>
  client[method](request, (error, answer) => (error ? reject(error) : resolve(answer))));
const stream = (method, request) => new Promise((resolve, reject) => {
  const all = [];
  client[method](request).on("data", (one) => all.push(one)).on("end", () => resolve(all)).on("error", reject);
});

async function query(parent, structured) {
  const asked = { from: [{ collection_id: structured.from[0].collectionId }] };
  if (structured.where) asked.where = toFilter(structured.where);
  if (structured.limit) asked.limit = { value: structured.limit };
  const answers = await stream("RunQuery", messages.RunQueryRequest.fromObject({ parent, structured_query: asked }));
  return answers.filter((one) => one.has_document).map((one) => fromDocument(one.document));
}

async function serve(method, url, body) {
  const [, root, rest] = url.pathname.match(/^\/v1\/(projects\/[^/]+\/databases\/[^/]+\/documents)(.*)$/) ?? [];
  if (!root) throw new Error("not served: " + url.pathname);
  if (rest === ":batchGet") {
    const request = messages.BatchGetDocumentsRequest.fromObject({ database: root.replace(/\/documents$/, ""), documents: body.documents });
    return (await stream("BatchGetDocuments", request)).map((one) =>
      one.has_found ? { found: fromDocument(one.found) } : { missing: one.missing });
  }
  if (rest === ":commit") {
    const request = messages.CommitRequest.fromObject({ database: root.replace(/\/documents$/, ""), writes: body.writes.map(toWrite) });
    const answer = await unary("Commit", request);
    return { commitTime: fromTimestamp(answer.commit_time) };
  }
  if (rest === ":runQuery") {
    const found = await query(root, body.structuredQuery);
    return found.length ? found.map((document) => ({ document })) : [{ readTime: new Date().toISOString() }];
  }
  if (method !== "GET") throw new Error("not served: " + method + " " + rest);
  const all = await query(root, { from: [{ collectionId: rest.slice(1) }] });
  all.sort((a, b) => (a.name < b.name ? -1 : 1));
  const from = Number(url.searchParams.get("pageToken") ?? 0), to = from + Number(url.searchParams.get("pageSize") ?? 100);
  return { ...(all.length ? { documents: all.slice(from, to) } : {}), ...(to < all.length ? { nextPageToken: String(to) } : {}) };
}

function refuse(response, code, status, message) {
  response.writeHead(code, { "Content-Type": "application/json" });
  response.end(JSON.stringify({ error: { code, message, status } }));
}

const firestore = new emulator.FirestoreServer();
const port = await new Promise((resolve, reject) => firestore.server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(),
  (error, bound) => (error ? reject(error) : resolve(bound))));
const client = new messages.FirestoreClient("127.0.0.1:" + port, grpc.credentials.createInsecure());

const server = createServer(async (request, response) => {
  let text = "";
  for await (const piece of request) text += piece;
  if (request.headers.authorization !== "Bearer owner") return refuse(response, 401, "UNAUTHENTICATED", "not the owner");
  try {
    const answer = await serve(request.method, new URL(request.url, "http://x"), text ? JSON.parse(text) : {});
    response.writeHead(200, { "Content-Type": "application/json" });
    response.end(JSON.stringify(answer));
  } catch (error) {
    const [code, status] = statuses[error.code] ?? [500, "INTERNAL"];
    if (code === 500) console.error(error);
    refuse(response, code, status, error.details || error.message);
  }
});
server.listen(Number(process.env.PORT ?? 0), "127.0.0.1", () => console.log("listening 127.0.0.1:" + server.address().port));
