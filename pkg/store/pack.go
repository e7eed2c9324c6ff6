package store

import (
	"bytes"
	"compress/flate"
	"errors"
	"io"
	"sync"
)

// packer compresses stored answers, which are the largest part of what a call leaves behind. It keeps its writers, for
// one is larger than everything that it writes.
type packer struct{ idle sync.Pool }

func (p *packer) pack(text []byte) ([]byte, error) {
	var packed bytes.Buffer
	w, ok := p.idle.Get().(*flate.Writer)
	if ok {
		w.Reset(&packed)
	} else {
		var err error
		if w, err = flate.NewWriter(&packed, flate.BestSpeed); err != nil {
			return nil, err
		}
	}
	defer p.idle.Put(w)
	_, err := w.Write(text)
	err = errors.Join(err, w.Close())
	return packed.Bytes(), err
}

func unpack(packed []byte) ([]byte, error) {
	return io.ReadAll(flate.NewReader(bytes.NewReader(packed)))
}
