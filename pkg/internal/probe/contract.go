package probe

// contract is the file descriptor, in text format.
const contract = `
name: "handover/probe/v1/probe.proto" package: "handover.probe.v1" syntax: "proto3"
dependency: "buf/validate/validate.proto" dependency: "handover/options/v1/access.proto"
message_type { name: "Thing"
	field { name: "thing_id"    number: 1 label: LABEL_OPTIONAL type: TYPE_STRING json_name: "thingId" }
	field { name: "customer_id" number: 2 label: LABEL_OPTIONAL type: TYPE_STRING json_name: "customerId" }
	field { name: "email"       number: 3 label: LABEL_OPTIONAL type: TYPE_STRING json_name: "email" options { debug_redact: true } }
	field { name: "parts"       number: 4 label: LABEL_REPEATED type: TYPE_MESSAGE type_name: ".handover.probe.v1.Thing" json_name: "parts" }
	field { name: "by_key"      number: 5 label: LABEL_REPEATED type: TYPE_MESSAGE type_name: ".handover.probe.v1.Thing.ByKeyEntry"
		json_name: "byKey" }
	field { name: "quantity"    number: 6 label: LABEL_OPTIONAL type: TYPE_INT32 json_name: "quantity" options {
		[buf.validate.field] { int32 { gte: 0 lte: 9 } } } }
	nested_type { name: "ByKeyEntry" options { map_entry: true }
		field { name: "key"   number: 1 label: LABEL_OPTIONAL type: TYPE_STRING json_name: "key" }
		field { name: "value" number: 2 label: LABEL_OPTIONAL type: TYPE_MESSAGE type_name: ".handover.probe.v1.Thing" json_name: "value" }
	}
}
message_type { name: "Request"
	field { name: "customer_id" number: 1 label: LABEL_OPTIONAL type: TYPE_STRING json_name: "customerId" options {
		[buf.validate.field] { string { max_len: 20 } } } }
	field { name: "thing"       number: 2 label: LABEL_OPTIONAL type: TYPE_MESSAGE type_name: ".handover.probe.v1.Thing" json_name: "thing" }
	field { name: "things"      number: 3 label: LABEL_REPEATED type: TYPE_MESSAGE type_name: ".handover.probe.v1.Thing" json_name: "things" }
	field { name: "thing_id"    number: 4 label: LABEL_OPTIONAL type: TYPE_STRING json_name: "thingId" }
}
message_type { name: "Response" field { name: "text" number: 1 label: LABEL_OPTIONAL type: TYPE_STRING json_name: "text" } }
service { name: "ProbeService"
	method { name: "GetThing" input_type: ".handover.probe.v1.Request" output_type: ".handover.probe.v1.Response"
		options { idempotency_level: NO_SIDE_EFFECTS
		[handover.options.v1.access] { roles: [ROLE_CUSTOMER, ROLE_PARTNER, ROLE_OPERATOR, ROLE_SUPPORT_READER] services: ["orders"]
			resource: "thing_id" } } }
	method { name: "ListThings" input_type: ".handover.probe.v1.Request" output_type: ".handover.probe.v1.Response"
		options { idempotency_level: NO_SIDE_EFFECTS
		[handover.options.v1.access] { roles: [ROLE_CUSTOMER, ROLE_PARTNER, ROLE_OPERATOR, ROLE_SUPPORT_READER] field: "customer_id" } } }
	method { name: "WatchThing" input_type: ".handover.probe.v1.Request" output_type: ".handover.probe.v1.Response" server_streaming: true
		options { idempotency_level: NO_SIDE_EFFECTS
		[handover.options.v1.access] { roles: [ROLE_CUSTOMER, ROLE_PARTNER, ROLE_OPERATOR, ROLE_SUPPORT_READER] field: "customer_id" } } }
	method { name: "CreateThing" input_type: ".handover.probe.v1.Request" output_type: ".handover.probe.v1.Response" options {
		[handover.options.v1.access] { roles: [ROLE_CUSTOMER, ROLE_OPERATOR] services: ["orders", "billing"] right: "things"
			field: "thing.customer_id" } } }
	method { name: "BatchCreateThings" input_type: ".handover.probe.v1.Request" output_type: ".handover.probe.v1.Response" options {
		[handover.options.v1.access] { roles: [ROLE_CUSTOMER] field: "things.customer_id" } } }
	method { name: "ListKinds" input_type: ".handover.probe.v1.Request" output_type: ".handover.probe.v1.Response"
		options { idempotency_level: NO_SIDE_EFFECTS
		[handover.options.v1.access] { roles: [ROLE_CUSTOMER, ROLE_SUPPORT_READER] none: true } } }
	method { name: "OpenThing" input_type: ".handover.probe.v1.Request" output_type: ".handover.probe.v1.Response"
		options { idempotency_level: NO_SIDE_EFFECTS
		[handover.options.v1.access] { roles: [ROLE_LINK_BEARER, ROLE_CUSTOMER] none: true } } }
	method { name: "ReceiveThing" input_type: ".handover.probe.v1.Request" output_type: ".handover.probe.v1.Response" options {
		[handover.options.v1.access] { roles: ROLE_CALLBACK none: true } } }
	method { name: "Undeclared" input_type: ".handover.probe.v1.Request" output_type: ".handover.probe.v1.Response" }
}
service { name: "WrongService"
	method { name: "NoRole" input_type: ".handover.probe.v1.Request" output_type: ".handover.probe.v1.Response" options {
		[handover.options.v1.access] { none: true } } }
	method { name: "EveryService" input_type: ".handover.probe.v1.Request" output_type: ".handover.probe.v1.Response" options {
		[handover.options.v1.access] { roles: ROLE_SERVICE none: true } } }
	method { name: "NamelessService" input_type: ".handover.probe.v1.Request" output_type: ".handover.probe.v1.Response" options {
		[handover.options.v1.access] { services: "" none: true } } }
	method { name: "NoCustomer" input_type: ".handover.probe.v1.Request" output_type: ".handover.probe.v1.Response" options {
		[handover.options.v1.access] { roles: ROLE_OPERATOR } } }
	method { name: "NoSuchField" input_type: ".handover.probe.v1.Request" output_type: ".handover.probe.v1.Response" options {
		[handover.options.v1.access] { roles: ROLE_OPERATOR field: "thing.owner" } } }
	method { name: "NoString" input_type: ".handover.probe.v1.Request" output_type: ".handover.probe.v1.Response" options {
		[handover.options.v1.access] { roles: ROLE_OPERATOR field: "thing.quantity" } } }
	method { name: "TooDeep" input_type: ".handover.probe.v1.Request" output_type: ".handover.probe.v1.Response" options {
		[handover.options.v1.access] { roles: ROLE_OPERATOR field: "customer_id.name" } } }
	method { name: "OpenToAnybody" input_type: ".handover.probe.v1.Request" output_type: ".handover.probe.v1.Response"
		options { idempotency_level: NO_SIDE_EFFECTS
		[handover.options.v1.access] { roles: ROLE_LINK_BEARER resource: "thing_id" } } }
	method { name: "WritingReader" input_type: ".handover.probe.v1.Request" output_type: ".handover.probe.v1.Response" options {
		[handover.options.v1.access] { roles: ROLE_SUPPORT_READER none: true } } }
}
`
