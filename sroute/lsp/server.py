"""The server: pygls speaks the protocol over stdin and stdout, `features` answers."""

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from sroute import __version__
from sroute.assist.complete import Completion
from sroute.errors import SrouteError
from sroute.linter.finding import Finding
from sroute.lsp import features
from sroute.lsp.documents import Document
from sroute.source.text import Span

SEVERITIES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "info": types.DiagnosticSeverity.Information,
}
KINDS = {
    "function": types.CompletionItemKind.Function,
    "variable": types.CompletionItemKind.Variable,
    "module": types.CompletionItemKind.Module,
    "parameter": types.CompletionItemKind.Property,
    "route": types.CompletionItemKind.Reference,
    "keyword": types.CompletionItemKind.Keyword,
}
TRIGGERS = ["$", "(", '"', "{", ".", "=", ">"]


def make() -> LanguageServer:
    """A server that knows Kamailio scripts; `start_io()` runs it."""
    server = LanguageServer("sroute", __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full)

    def document(uri: str) -> Document:
        return Document(uri, server.workspace.get_text_document(uri).source)

    def publish(uri: str) -> None:
        here = document(uri)
        try:
            found = [_diagnostic(here, finding) for finding in features.findings(here)]
        except SrouteError as error:
            server.window_show_message(types.ShowMessageParams(types.MessageType.Error, str(error)))
            return
        server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, found))

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: types.DidOpenTextDocumentParams) -> None:
        publish(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: types.DidChangeTextDocumentParams) -> None:
        publish(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def hover(params: types.HoverParams) -> types.Hover | None:
        here = document(params.text_document.uri)
        text = features.meaning(here, here.offset(params.position.line, params.position.character))
        return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text)) if text else None

    @server.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=TRIGGERS))
    def completion(params: types.CompletionParams) -> list[types.CompletionItem]:
        here = document(params.text_document.uri)
        offset = here.offset(params.position.line, params.position.character)
        return [_item(here, found, offset) for found in features.completions(here, offset)]

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def symbols(params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
        here = document(params.text_document.uri)
        return [
            types.DocumentSymbol(block.title, types.SymbolKind.Function, _range(here, block.span), _range(here, block.name_span))
            for block in features.blocks(here)
        ]

    return server


def _range(document: Document, span: Span | None) -> types.Range:
    begin, end = document.range(span)
    return types.Range(types.Position(*begin), types.Position(*end))


def _diagnostic(document: Document, finding: Finding) -> types.Diagnostic:
    said = finding.diagnostic
    text = f"{said.message} ({said.hint})" if said.hint else said.message
    return types.Diagnostic(_range(document, said.span), text, SEVERITIES[said.severity], said.code, source="sroute")


def _item(document: Document, found: Completion, cursor: int) -> types.CompletionItem:
    place = types.Range(types.Position(*document.at(found.start)), types.Position(*document.at(cursor)))
    kind = KINDS.get(found.kind, types.CompletionItemKind.Text)
    edit = types.TextEdit(place, found.text)
    return types.CompletionItem(found.text, kind=kind, detail=found.label or None, documentation=found.doc or None, text_edit=edit)
