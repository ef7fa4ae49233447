// Which keys may stand in a card (docs/protocol.md 2.1), in plain arithmetic: neither
// Go 1.19 nor Debian's x/mod has the points of the curve.
package main

import (
	"math/big"
)

var (
	p, _     = new(big.Int).SetString("57896044618658097711785492504343953926634992332820282019728792003956564819949", 10)
	order, _ = new(big.Int).SetString("7237005577332262213973186563042994240857116359379907606001950938285454250989", 10)
	one      = big.NewInt(1)
	d        = func() *big.Int {
		inverse := new(big.Int).ModInverse(big.NewInt(121666), p)
		return mod(new(big.Int).Mul(big.NewInt(-121665), inverse))
	}()
)

func mod(x *big.Int) *big.Int    { return x.Mod(x, p) }
func mul(a, b *big.Int) *big.Int { return mod(new(big.Int).Mul(a, b)) }
func add(a, b *big.Int) *big.Int { return mod(new(big.Int).Add(a, b)) }
func sub(a, b *big.Int) *big.Int { return mod(new(big.Int).Sub(a, b)) }

func littleEndian(b []byte) *big.Int {
	turned := make([]byte, len(b))
	for i, v := range b {
		turned[len(b)-1-i] = v
	}
	return new(big.Int).SetBytes(turned)
}

// Extended coordinates: x = X/Z, y = Y/Z, xy = T/Z (RFC 8032 section 5.1.4).
type point struct{ x, y, z, t *big.Int }

func (a point) plus(b point) point {
	aa := mul(sub(a.y, a.x), sub(b.y, b.x))
	bb := mul(add(a.y, a.x), add(b.y, b.x))
	c := mul(mul(add(a.t, a.t), d), b.t)
	dd := mul(add(a.z, a.z), b.z)
	e, f, g, h := sub(bb, aa), sub(dd, c), add(dd, c), add(bb, aa)
	return point{mul(e, f), mul(g, h), mul(f, g), mul(e, h)}
}

func (a point) isNeutral() bool { return a.x.Sign() == 0 && a.y.Cmp(a.z) == 0 }

func (a point) times(n *big.Int) point {
	out := point{new(big.Int), one, one, new(big.Int)}
	for i := n.BitLen() - 1; i >= 0; i-- {
		out = out.plus(out)
		if n.Bit(i) == 1 {
			out = out.plus(a)
		}
	}
	return out
}

// RFC 8032 section 5.1.3; false for what is no canonical encoding of a point.
func decode(key []byte) (point, bool) {
	y := littleEndian(key)
	sign := y.Bit(255)
	y.SetBit(y, 255, 0)
	if y.Cmp(p) >= 0 {
		return point{}, false
	}
	yy := mul(y, y)
	inverse := new(big.Int).ModInverse(add(mul(d, yy), one), p)
	x := new(big.Int).ModSqrt(mul(sub(yy, one), inverse), p)
	if x == nil || (x.Sign() == 0 && sign == 1) {
		return point{}, false
	}
	if x.Bit(0) != sign {
		x = sub(p, x)
	}
	return point{x, y, one, mul(x, y)}, true
}

var judged = map[string]bool{}

// The canonical encoding of a point of the prime-order subgroup, and not the identity.
func isUsableKey(key []byte) bool {
	if known, seen := judged[string(key)]; seen {
		return known
	}
	at, good := decode(key)
	good = good && !at.isNeutral() && at.times(order).isNeutral()
	judged[string(key)] = good
	return good
}

// An encoding of a point of order 1, 2, 4 or 8.
func isSmallOrder(key []byte) bool {
	at, good := decode(key)
	return good && at.times(big.NewInt(8)).isNeutral()
}

// The u coordinates of small order on curve and twist, but for 0, 1 and p - 1.
var smallU = []string{
	"325606250916557431795983626356110631294008115727848805560023387167927233504",
	"39382357235489614581723060781553021112529911719440698176882885853963445705823",
}

func isSmallX25519(key []byte) bool {
	u := littleEndian(key)
	u.SetBit(u, 255, 0) // RFC 7748 masks it
	mod(u)
	for _, text := range smallU {
		if u.String() == text {
			return true
		}
	}
	return u.Cmp(one) <= 0 || u.Cmp(new(big.Int).Sub(p, one)) == 0
}
