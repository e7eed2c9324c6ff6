// Package review is what the orders have in common that Operations reviews: its decision, and that somebody takes the order back.
//
// What can be decided, and what comes of it, is said by the packages of those orders.
package review

import (
	"time"

	"example.com/handover/pkg/call"
)

// Decision is what Operations decided.
type Decision[Outcome ~string] struct {
	Outcome   Outcome    `json:"outcome"`
	Reason    string     `json:"reason,omitempty"`
	DecidedBy call.Actor `json:"decided_by"`
	DecidedAt time.Time  `json:"decided_at"`
}

// TakenBack is that somebody takes an order back.
type TakenBack struct {
	Reason string     `json:"reason,omitempty"`
	By     call.Actor `json:"by"`
	At     time.Time  `json:"at"`
}
