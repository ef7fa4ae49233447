package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io/ioutil"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	height    = 8
	width     = 1 << height
	leafBytes = 74
)

// A file of an export that is other than it was written; no bytes: it is missing.
type changed struct {
	file  string
	bytes []byte
}

// An exported log whose checkpoint is signed; nothing else is believed yet.
type export struct {
	folder string
	change *changed
	tree   tlog.Tree
	read   map[string][]byte
}

func openExport(folder string, change *changed, verifier note.Verifier) (*export, error) {
	e := &export{folder: folder, change: change, read: map[string][]byte{}}
	bytes, err := e.file("checkpoint")
	if err != nil {
		return nil, err
	}
	opened, err := note.Open(bytes, note.VerifierList(verifier))
	if err != nil {
		return nil, err
	}
	// Three lines: the name of the log, its size, its root.
	line := strings.Split(opened.Text, "\n")
	if len(line) != 4 || line[3] != "" || line[0] != verifier.Name() {
		return nil, fmt.Errorf("not a checkpoint of this log")
	}
	if e.tree.N, err = strconv.ParseInt(line[1], 10, 64); err != nil {
		return nil, err
	}
	if strconv.FormatInt(e.tree.N, 10) != line[1] || e.tree.N < 0 {
		return nil, fmt.Errorf("not a size")
	}
	root, err := base64.StdEncoding.DecodeString(line[2])
	if err != nil || len(root) != tlog.HashSize {
		return nil, fmt.Errorf("not a root")
	}
	copy(e.tree.Hash[:], root)
	return e, nil
}

func (e *export) file(name string) ([]byte, error) {
	if e.change != nil && e.change.file == name {
		if e.change.bytes == nil {
			return nil, fmt.Errorf("%s is missing", name)
		}
		return e.change.bytes, nil
	}
	if bytes, ok := e.read[name]; ok {
		return bytes, nil
	}
	bytes, err := ioutil.ReadFile(filepath.Join(e.folder, filepath.FromSlash(name)))
	if err == nil {
		e.read[name] = bytes
	}
	return bytes, err
}

// The three of a tlog.TileReader. C2SP's names are Go's without the height, which is always 8.
func (e *export) Height() int { return height }

func (e *export) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	out := make([][]byte, len(tiles))
	for i, tile := range tiles {
		name := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		bytes, err := e.file(name)
		if err != nil {
			return nil, err
		}
		if len(bytes) != tile.W*tlog.HashSize {
			return nil, fmt.Errorf("%s has %d bytes", name, len(bytes))
		}
		out[i] = bytes
	}
	return out, nil
}

func (e *export) SaveTiles([]tlog.Tile, [][]byte) {}

// entries reads bundle n: u16be length and that many bytes, w times and nothing behind.
func (e *export) entries(n int64, w int) ([][]byte, error) {
	name := strings.Replace(tlog.Tile{H: height, L: 0, N: n, W: w}.Path(), "tile/8/0/", "tile/entries/", 1)
	bytes, err := e.file(name)
	if err != nil {
		return nil, err
	}
	var out [][]byte
	for len(bytes) >= 2 {
		length := int(binary.BigEndian.Uint16(bytes))
		if length != leafBytes || len(bytes) < 2+length {
			return nil, fmt.Errorf("%s: an entry of %d bytes", name, length)
		}
		out = append(out, bytes[2:2+length])
		bytes = bytes[2+length:]
	}
	if len(bytes) != 0 || len(out) != w {
		return nil, fmt.Errorf("%s: %d entries, %d bytes behind them", name, len(out), len(bytes))
	}
	return out, nil
}

// check reads every tile and every entry; the number of inclusion proofs that it checked besides.
// Entries are compared with their tiles one by one and proofs with the root: the tile reader of this
// version of tlog does not authenticate every tile of one call when two subtrees of the root stand in
// one tile.
func (e *export) check(stride int64) (int64, error) {
	reader := tlog.TileHashReader(e.tree, e)
	if e.tree.N == 0 {
		return 0, fmt.Errorf("an export of nothing")
	}
	root, err := tlog.TreeHash(e.tree.N, reader)
	if err != nil {
		return 0, err
	}
	if root != e.tree.Hash {
		return 0, fmt.Errorf("another root")
	}
	if err := e.upper(); err != nil {
		return 0, err
	}
	proofs := int64(0)
	for first := int64(0); first < e.tree.N; first += width {
		w := e.tree.N - first
		if w > width {
			w = width
		}
		indexes := make([]int64, w)
		for i := range indexes {
			indexes[i] = tlog.StoredHashIndex(0, first+int64(i))
		}
		inTile, err := reader.ReadHashes(indexes)
		if err != nil {
			return 0, err
		}
		entries, err := e.entries(first/width, int(w))
		if err != nil {
			return 0, err
		}
		for i, entry := range entries {
			index := first + int64(i)
			if tlog.RecordHash(entry) != inTile[i] {
				return 0, fmt.Errorf("entry %d is not what its tile says", index)
			}
			if index%stride != 0 && index != e.tree.N-1 {
				continue
			}
			proof, err := tlog.ProveRecord(e.tree.N, index, reader)
			if err != nil {
				return 0, err
			}
			if err := tlog.CheckRecord(proof, e.tree.N, e.tree.Hash, index, inTile[i]); err != nil {
				return 0, fmt.Errorf("entry %d: %v", index, err)
			}
			proofs++
		}
	}
	return proofs, nil
}

func subtree(hashes []byte) tlog.Hash {
	var out tlog.Hash
	if len(hashes) == tlog.HashSize {
		copy(out[:], hashes)
		return out
	}
	return tlog.NodeHash(subtree(hashes[:len(hashes)/2]), subtree(hashes[len(hashes)/2:]))
}

// upper compares each hash of an upper tile with the full tile below it.
func (e *export) upper() error {
	for level := 1; e.tree.N>>uint(height*level) > 0; level++ {
		hashes := e.tree.N >> uint(height*level)
		for n := int64(0); n < hashes; n++ {
			w := hashes - n/width*width
			if w > width {
				w = width
			}
			read, err := e.ReadTiles([]tlog.Tile{{H: height, L: level, N: n / width, W: int(w)},
				{H: height, L: level - 1, N: n, W: width}})
			if err != nil {
				return err
			}
			above := read[0][n%width*tlog.HashSize:][:tlog.HashSize]
			if below := subtree(read[1]); string(below[:]) != string(above) {
				return fmt.Errorf("hash %d of level %d is not that of its tile", n, level)
			}
		}
	}
	return nil
}

// extends proves that an older checkpoint's tree is the beginning of this one.
func (e *export) extends(older *export) error {
	proof, err := tlog.ProveTree(e.tree.N, older.tree.N, tlog.TileHashReader(e.tree, e))
	if err != nil {
		return err
	}
	return tlog.CheckTree(proof, e.tree.N, e.tree.Hash, older.tree.N, older.tree.Hash)
}
