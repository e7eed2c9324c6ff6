// Completes the OpenAPI documents from the contract, and checks what is generated from them. Outside of the workspace.
module example.com/handover/tools/openapi

go 1.26.0

require (
	buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go v1.36.12-20260825204119-511051f7f437.1
	example.com/handover/proto v0.0.0
	google.golang.org/genproto/googleapis/api v0.0.0-20261012220534-4341edf3f941
	google.golang.org/protobuf v1.36.12
)

replace example.com/handover/proto => ../../../proto
