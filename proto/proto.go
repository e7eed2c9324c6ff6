// Package proto carries the OpenAPI documents and the descriptors of the contract, for those who import the
// module.
//
// It owns no types: those are in the packages below gen.
package proto

import _ "embed" // for the documents

//go:embed gen/openapi/handover.json
var openAPI string

//go:embed gen/openapi/operations.json
var openAPIOfOperations string

//go:embed gen/openapi/sandbox.json
var openAPIOfSandbox string

//go:embed gen/openapi/descriptors.binpb
var descriptors string

// OpenAPI returns the OpenAPI 3.1 document of the business, as JSON.
func OpenAPI() []byte { return []byte(openAPI) }

// OpenAPIOfOperations returns the document of the calls that look after the services themselves.
func OpenAPIOfOperations() []byte { return []byte(openAPIOfOperations) }

// OpenAPIOfSandbox returns the document of the outside world that the sandbox plays.
func OpenAPIOfSandbox() []byte { return []byte(openAPIOfSandbox) }

// Descriptors returns the files of the contract with their comments, as a FileDescriptorSet. Generated code has no
// comments.
func Descriptors() []byte { return []byte(descriptors) }
