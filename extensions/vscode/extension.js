// Starts `juesuan-rules lsp` for YAML files and hands everything else to the language client.
// Without the client library the colours still work, and one message says what is missing.
"use strict";

const path = require("path");
const vscode = require("vscode");

/** @type {import("vscode-languageclient/node").LanguageClient | undefined} */
let client;

/** The command line that starts the server; never one that only the folder's own settings name unless the folder is trusted. */
function command() {
  const told = vscode.workspace.getConfiguration("juesuan").get("command");
  const words = Array.isArray(told) ? told.filter((word) => typeof word === "string" && word) : [];
  return words.length ? words : ["juesuan-rules", "lsp"];
}

/** Settings as the server takes them: the report with its whole path. */
function settings() {
  const told = vscode.workspace.getConfiguration("juesuan");
  const folders = vscode.workspace.workspaceFolders || [];
  let report = told.get("report") || "";
  if (report && !path.isAbsolute(report) && folders.length) {
    report = path.join(folders[0].uri.fsPath, report);
  }
  return { report, year: told.get("year") || null, lint: told.get("lint") !== false };
}

async function activate(context) {
  let library;
  try {
    library = require("vscode-languageclient/node");
  } catch {
    vscode.window.showWarningMessage("决算规则：扩展里没有 vscode-languageclient，只有着色可用；安装办法见扩展的 README。");
    return;
  }
  if (!vscode.workspace.isTrusted) {
    vscode.window.showInformationMessage("决算规则：这个工作区未受信任，没有启动语言服务，只有着色可用。");
    return;
  }
  const [program, ...args] = command();
  client = new library.LanguageClient(
    "juesuan",
    "决算规则",
    { command: program, args, options: { env: { ...process.env, PYTHONIOENCODING: "utf-8" } } },
    {
      documentSelector: [{ scheme: "file", language: "yaml" }],
      initializationOptions: settings(),
      synchronize: { fileEvents: vscode.workspace.createFileSystemWatcher("**/*.{yaml,yml}") },
      middleware: { workspace: { configuration: (params) => params.items.map(() => settings()) } },
    },
  );
  context.subscriptions.push(
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (client && event.affectsConfiguration("juesuan")) {
        client.sendNotification("workspace/didChangeConfiguration", { settings: settings() });
      }
    }),
  );
  try {
    await client.start();
  } catch {
    vscode.window.showErrorMessage(`决算规则：没有启动起来（${program}）。请安装 juesuan-rules[editor]，或在设置 juesuan.command 里写明命令。`);
  }
}

function deactivate() {
  return client ? client.stop() : undefined;
}

module.exports = { activate, deactivate };
