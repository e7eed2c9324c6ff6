// Package proto carries the OpenAPI document of the contract, so that whoever imports the module has it at hand.
//
// It owns no types: those are in the packages below gen.
package proto

import _ "embed" // for the document

//go:embed gen/openapi/handover.json
var openAPI string

// OpenAPI returns the OpenAPI 3.1 document of every service, as JSON.
func OpenAPI() []byte { return []byte(openAPI) }
