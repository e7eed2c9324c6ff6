package connection

import "time"

// Where an agreement stands, in the words of the orders, as far as that matters here.
const (
	agreementUnderWay = "PROVISIONING" // its order is: every connection begins with one
	agreementInForce  = "ACTIVE"
)

// agreementFollows is how long an agreement may take to come into force after the journey has ended.
const agreementFollows = 24 * time.Hour

// ObserveAgreement notes where an agreement stands. Another one than the connection's is none of its business.
func ObserveAgreement(c *Connection, agreementID, state string) {
	if agreementID == c.AgreementID {
		c.Agreement = state
	}
}

// Agreed reports whether an agreement stands behind what binds: one in force, or one that is about to follow the end of the
// journey.
func Agreed(c *Connection, now time.Time) bool {
	follows := c.Agreement == agreementUnderWay && now.Before(c.JourneyEndedAt.Add(agreementFollows))
	return c.Bound() && (c.Agreement == agreementInForce || follows)
}
