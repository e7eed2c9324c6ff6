package channel

// Names of the facts of a channel.
const (
	FactRequested = "requested"
	FactReady     = "ready"
	FactFailed    = "failed"
	FactReplaced  = "replaced"
	FactEnding    = "ending"
	FactEnded     = "ended"
)

// ReasonChannelKindInvalid is the refusal of a channel of no kind, as the contract names it.
const ReasonChannelKindInvalid = "CHANNEL_KIND_INVALID"
