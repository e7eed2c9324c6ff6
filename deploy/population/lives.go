package main

import "context"

// life is what a customer comes for.
type life struct {
	template string // of a membership; empty: no membership
	request  bool   // it has no account yet, and requests one; else it comes by a billing transfer
	public   bool   // it is of the public sector
}

// lives are what the customers come for, in turn: a small population has a bit of everything.
func lives() []life {
	return []life{
		{},
		{template: "spam-unused", public: true},
		{request: true},
		{template: "ecam-unused"},
		{template: "ecam-used"},
		{},
		{template: "spam-used", public: true},
		{template: "ecam-unused", public: true},
		{},
		{template: "spam-unused"},
		{request: true},
		{template: "ecam-used", public: true},
		{},
		{template: "spam-used"},
		{},
		{request: true},
	}
}

// arrive has the next one come.
func (p *population) arrive(ctx context.Context) error {
	number := p.came() + 1
	var one inhabitant
	var err error
	switch l := lives()[(number-1)%len(lives())]; {
	case l.request:
		one, err = p.request(ctx, number)
	case l.template != "":
		one, err = p.join(ctx, number, l)
	default:
		one, err = p.come(ctx, number)
	}
	if err != nil {
		return err
	}
	p.known[one.self().id] = one
	p.active = append(p.active, one)
	return nil
}

// came is how many have come.
func (p *population) came() int { return len(p.known) }
