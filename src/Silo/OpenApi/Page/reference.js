// Draws the OpenAPI document as a page to read. No library and nothing from elsewhere: the page must work on a till without internet.
"use strict";

const words = {
  zh: { request: "请求体", reply: "回复", parameters: "参数", field: "字段", type: "类型", meaning: "说明", needed: "必填", refusals: "拒绝编号", code: "编号", retry: "可重试", yes: "是", no: "否", shapes: "数据结构", other: "English" },
  en: { request: "Body", reply: "Reply", parameters: "Parameters", field: "Field", type: "Type", meaning: "Meaning", needed: "required", refusals: "Refusals", code: "Number", retry: "May pass later", yes: "yes", no: "no", shapes: "Shapes", other: "中文" },
};
const tags = {
  zh: { Customers: "会员", Counter: "柜台", Stores: "门店", Programme: "规则", Keys: "访问密钥", Audit: "统计与审计", Session: "登录", Bench: "压测" },
  en: {},
};
let language = localStorage.getItem("chaincrm.reference.language") || "zh";
let api = null;

function make(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) element.setAttribute(key, value);
  for (const child of children) if (child !== null && child !== undefined) element.append(child);
  return element;
}

const say = (key) => words[language][key];

function typeText(schema) {
  if (schema.$ref) {
    const name = schema.$ref.split("/").pop();
    return make("a", { href: "#shape-" + name }, name);
  }
  if (schema.oneOf) return typeText(schema.oneOf[0]);
  const types = (Array.isArray(schema.type) ? schema.type : [schema.type || "JSON"]).filter((type) => type !== "null");
  if (types[0] === "array") return make("span", {}, "[ ", typeText(schema.items), " ]");
  return make("code", {}, schema.format ? `${types[0]} (${schema.format})` : types[0]);
}

function table(heads, rows) {
  return make("table", {}, make("thead", {}, make("tr", {}, ...heads.map((head) => make("th", {}, head)))), make("tbody", {}, ...rows.map((cells) => make("tr", {}, ...cells.map((cell) => make("td", {}, cell))))));
}

function fieldName(name, needed) {
  return make("span", {}, make("code", {}, name), needed ? make("span", { class: "needed" }, " " + say("needed")) : null);
}

function shapeTable(schema) {
  const needed = new Set(schema.required || []);
  return table([say("field"), say("type"), say("meaning")], Object.entries(schema.properties || {}).map(([name, property]) => [fieldName(name, needed.has(name)), typeText(property), property.description || ""]));
}

function body(title, content) {
  if (!content) return null;
  const [media] = Object.values(content);
  const parts = [make("p", {}, make("strong", {}, title + ": "), typeText(media.schema))];
  if (media.example) parts.push(make("pre", {}, JSON.stringify(media.example, null, 2)));
  return make("div", {}, ...parts);
}

function operationSection(path, method, operation) {
  const good = Object.entries(operation.responses).find(([status]) => status.startsWith("2"));
  const refused = Object.entries(operation.responses).filter(([status]) => !status.startsWith("2"));
  return make("section", { id: operation.operationId },
    make("h3", {}, make("span", { class: "method" }, method.toUpperCase()), make("code", {}, path)),
    make("p", {}, language === "zh" ? operation["x-summary-zh"] : operation.summary),
    operation.description && language === "en" ? make("p", {}, operation.description) : null,
    operation.parameters ? table([say("parameters"), say("type"), say("meaning")], operation.parameters.map((parameter) => [fieldName(parameter.name, parameter.required), make("code", {}, `${parameter.in}: ${parameter.schema.type}`), parameter.description])) : null,
    body(say("request"), operation.requestBody && operation.requestBody.content),
    body(`${say("reply")} ${good[0]}`, good[1].content),
    make("details", {}, make("summary", {}, say("refusals")),
      ...refused.map(([status, response]) => make("div", {}, make("strong", {}, status), make("ul", {}, ...response.description.split("\n").map((line) => make("li", {}, line.replace(/^- /, ""))))))));
}

function draw() {
  document.documentElement.lang = language;
  document.getElementById("language").textContent = say("other");
  const contents = document.getElementById("contents");
  const reference = document.getElementById("reference");
  contents.replaceChildren();
  reference.replaceChildren(make("p", {}, language === "zh" ? api.info["x-description-zh"] : api.info.description));
  const operations = Object.entries(api.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method, operation })));
  for (const { name } of api.tags) {
    const title = tags[language][name] || name;
    contents.append(make("h2", {}, title));
    reference.append(make("h2", {}, title));
    for (const { path, method, operation } of operations.filter((one) => one.operation.tags[0] === name)) {
      contents.append(make("a", { href: "#" + operation.operationId, title: path }, make("span", { class: "method" }, method.toUpperCase()), path.replace("/v1", "")));
      reference.append(operationSection(path, method, operation));
    }
  }
  contents.append(make("h2", {}, say("shapes")), make("a", { href: "#refusals" }, say("refusals")));
  reference.append(make("h2", {}, say("shapes")));
  for (const [name, schema] of Object.entries(api.components.schemas)) {
    contents.append(make("a", { href: "#shape-" + name }, name));
    reference.append(make("section", { id: "shape-" + name }, make("h3", {}, name), schema.description ? make("p", {}, schema.description) : null, shapeTable(schema)));
  }
  reference.append(make("section", { id: "refusals" }, make("h2", {}, say("refusals")),
    table([say("code"), "HTTP", say("meaning"), say("retry")], api["x-refusals"].map((refusal) => [make("code", { title: refusal.name }, String(refusal.code)), String(refusal.status), refusal[language], refusal.mayPassLater ? say("yes") : say("no")]))));
  if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

document.getElementById("language").addEventListener("click", () => {
  language = language === "zh" ? "en" : "zh";
  localStorage.setItem("chaincrm.reference.language", language);
  draw();
});

fetch("/openapi/v1.json")
  .then((response) => response.json())
  .then((json) => { api = json; draw(); })
  .catch((failure) => { document.getElementById("reference").textContent = String(failure); });
