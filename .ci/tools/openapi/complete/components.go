package main

// addComponents adds what operations share: the gateway's headers and its problems.
func addComponents(components object) {
	components["examples"] = object{}
	components["parameters"] = object{
		"AcceptLanguage": header("Accept-Language", "The language of what people read; English when it is not spoken.", "", "de-DE, en;q=0.5"),
		"Reason":         header("X-Handover-Reason", "Words for the timeline.", "", "asked by phone"),
		"IfMatch": header("If-Match",
			"The ETag that was read: the call is refused when somebody else was faster.", `^("[^"]+"|\*)$`, `"3"`),
		"LastEventID": header("Last-Event-ID", "The last revision seen, as a browser sends it.", "^[0-9]+$", "3"),
		"IdempotencyKey": required(header("Idempotency-Key",
			"One per intended effect. The same key with the same request gets the stored answer.", "^[!-~]{1,128}$", "8b1f0e0a-order-1")),
	}
	components["headers"] = object{
		"ETag":         object{"description": "The revision, for If-Match.", "schema": object{"type": "string"}},
		"RequestID":    object{"description": "Names the call in logs and problems.", "schema": object{"type": "string"}},
		"RetryAfter":   object{"description": "Seconds to wait.", "schema": object{"type": "integer"}},
		"Authenticate": object{"description": "The scheme to authenticate with.", "schema": object{"type": "string"}},
	}
	components["responses"] = object{"Failure": object{
		"description": "A failure that is not the caller's: the same call, with the same Idempotency-Key, may succeed later.",
		"headers":     object{"X-Request-Id": ref("headers/RequestID"), "Retry-After": ref("headers/RetryAfter")},
		"content":     object{mimeProblem: object{"schema": ref("schemas/Problem")}},
	}}
	child(components, "schemas")["Problem"] = problemSchema()
}

func header(name, description, pattern, example string) object {
	schema := object{"type": "string", "examples": []any{example}}
	if pattern != "" {
		schema["pattern"] = pattern
	}
	return object{"name": name, "in": "header", "description": description, "schema": schema}
}

func required(parameter object) object {
	parameter["required"] = true
	return parameter
}

func problemSchema() object {
	words := func(description string) object { return object{"type": "string", "description": description} }
	return object{
		"type": "object", "description": "A problem document (RFC 9457).",
		"required": []any{"type", "title", "status", "detail", "instance", "reason", "domain"},
		"properties": object{
			"type":     words("The kind of problem, by domain and reason."),
			"title":    words("The kind of failure, in words."),
			"status":   object{"type": "integer", "description": "The status of HTTP."},
			"detail":   words("What was refused, in words."),
			"instance": words("The request id."),
			"reason":   words("Stable: a value of the domain's Reason enum, without its prefix."),
			"domain":   words("The service that refused."),
			"mustAct":  words("Who can mend it: a value of Party."),
			"what":     words("What must be done."),
			"where":    words("Where it is done."),
			"until":    object{"type": "string", "format": "date-time", "description": "After this it is too late."},
			"meta":     object{"type": "object", "description": "Further facts.", "additionalProperties": object{"type": "string"}},
			"violations": object{"type": "array", "description": "The wrong fields.", "items": object{
				"type": "object", "required": []any{"field", "reason", "message"},
				"properties": object{
					"field": words("Its path, in JSON names."), "reason": words("Stable."), "message": words("What is wrong with it."),
				},
			}},
		},
	}
}
