// Package assistant knows where assistants keep the MCP servers they start, and puts an entry for ddb into such a file or takes it
// out again. The files belong to people: an edit touches the bytes of its own entry and nothing else, so comments, order, other
// servers, and what the assistant noted in the entry itself (disabled, autoApprove) stay as they are. Every edit is read back and
// compared before it is given out; a file that cannot be read is refused with the place of its fault.
package assistant
