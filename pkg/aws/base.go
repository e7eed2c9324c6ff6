package aws

import sdk "github.com/aws/aws-sdk-go-v2/aws"

// Base returns what a client that acts in our own account, with the base credentials, is made with.
func (c *Clients) Base() sdk.Config { return c.base.Copy() }
