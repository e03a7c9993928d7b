package tray

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/godbus/dbus/v5"
)

// Names on D-Bus: an icon is a StatusNotifierItem, which a panel learns of by the watcher, and its menu a dbusmenu.
const (
	watcher     = "org.kde.StatusNotifierWatcher"
	watcherPath = dbus.ObjectPath("/StatusNotifierWatcher")
	itemFace    = "org.kde.StatusNotifierItem"
	itemPath    = dbus.ObjectPath("/StatusNotifierItem")
	menuFace    = "com.canonical.dbusmenu"
	menuPath    = dbus.ObjectPath("/StatusNotifierItem/Menu")
)

// revision is that of the menu's layout, which never changes: only what its lines say does.
const revision = uint32(1)

// Show shows an icon until ctx ends, as the newest of views says. A panel may come and go meanwhile; the error is why there can be no
// icon: no D-Bus session is here, or it has ended.
func Show(ctx context.Context, log *slog.Logger, views <-chan View, menu Menu) error {
	address, err := busAddress()
	if err != nil {
		return err
	}
	conn, err := dbus.Connect(address, dbus.WithContext(ctx))
	if err != nil {
		return fmt.Errorf("the D-Bus session cannot be reached: %w", err)
	}
	defer conn.Close()
	i := &icon{conn: conn, menu: menu, chosen: make(chan func(), 4)}
	select {
	case <-ctx.Done():
		return nil
	case v := <-views:
		i.lines, i.look, i.item = menu.lines(v), v.Look, itemProperties(v.Look)
	}
	if err := i.export(); err != nil {
		return fmt.Errorf("the icon cannot be offered on D-Bus: %w", err)
	}
	owners := make(chan *dbus.Signal, 4)
	conn.Signal(owners)
	if err := conn.AddMatchSignalContext(ctx, dbus.WithMatchSender("org.freedesktop.DBus"), dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(0, watcher)); err != nil {
		return fmt.Errorf("the D-Bus session does not say when a panel comes: %w", err)
	}
	if err := i.register(ctx); err != nil {
		log.InfoContext(ctx, "no panel shows icons now; one that comes will", "error", err)
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-conn.Context().Done():
			if ctx.Err() != nil {
				return nil
			}
			return errors.New("the D-Bus session ended")
		case v := <-views:
			if err := i.show(v); err != nil {
				return err
			}
		case do := <-i.chosen:
			do()
		case s := <-owners:
			if s == nil || len(s.Body) < 3 || s.Body[2] == "" { // nobody is the watcher now
				continue
			}
			if err := i.register(ctx); err != nil {
				log.InfoContext(ctx, "a panel does not take the icon", "error", err)
			}
		}
	}
}

// busAddress is where the session of whoever is at the screen is. None is started where there is none.
func busAddress() (string, error) {
	if address := os.Getenv("DBUS_SESSION_BUS_ADDRESS"); address != "" {
		return address, nil
	}
	path := filepath.Join(os.Getenv("XDG_RUNTIME_DIR"), "bus")
	if info, err := os.Stat(path); err != nil || !filepath.IsAbs(path) || info.Mode().Type() != fs.ModeSocket {
		return "", errors.New("there is no D-Bus session here")
	}
	return "unix:path=" + dbus.EscapeBusAddressValue(path), nil
}

// icon is an icon on D-Bus.
type icon struct {
	conn   *dbus.Conn
	menu   Menu
	chosen chan func()

	mu    sync.Mutex // guards what follows
	look  Look
	lines []line
	item  map[string]dbus.Variant // what the icon says of itself
}

// register has the panel's watcher take the icon.
func (i *icon) register(ctx context.Context) error {
	return i.conn.Object(watcher, watcherPath).CallWithContext(ctx, watcher+".RegisterStatusNotifierItem", dbus.FlagNoAutoStart, string(itemPath)).Err
}

// show shows another view.
func (i *icon) show(v View) error {
	i.mu.Lock()
	before, now, other := i.lines, i.menu.lines(v), v.Look != i.look
	i.lines, i.look = now, v.Look
	if other {
		i.item = itemProperties(v.Look)
	}
	item := i.item
	i.mu.Unlock()
	var changed []entry
	for id := range now {
		if now[id].label != before[id].label {
			changed = append(changed, entry{int32(id + 1), now[id].properties(nil)})
		}
	}
	var err error
	if len(changed) > 0 {
		err = i.conn.Emit(menuPath, menuFace+".ItemsPropertiesUpdated", changed, []removed{})
	}
	if other {
		for signal, values := range map[string][]any{
			"org.freedesktop.DBus.Properties.PropertiesChanged": {itemFace, item, []string{}},
			itemFace + ".NewIcon":                               nil,
			itemFace + ".NewToolTip":                            nil,
			itemFace + ".NewStatus":                             {item["Status"].Value()},
		} {
			err = errors.Join(err, i.conn.Emit(itemPath, signal, values...))
		}
	}
	return err
}

// pixmap is a picture: four bytes a pixel, alpha first.
type pixmap struct {
	Width, Height int32
	Pixels        []byte
}

// toolTip is what a pointer over the icon is shown.
type toolTip struct {
	Icon    string
	Pixmaps []pixmap
	Title   string
	Text    string
}

// sizes are those that panels have, in pixels; they scale the nearest.
var sizes = []int{16, 22, 24, 32, 48, 64}

func pixmaps(l Look) []pixmap {
	all := make([]pixmap, len(sizes))
	for i, size := range sizes {
		pixels := draw(l, size).Pix
		for p := 0; p < len(pixels); p += 4 {
			r, g, b, a := pixels[p], pixels[p+1], pixels[p+2], pixels[p+3]
			pixels[p], pixels[p+1], pixels[p+2], pixels[p+3] = a, r, g, b
		}
		all[i] = pixmap{int32(size), int32(size), pixels}
	}
	return all
}

// itemProperties are what an icon of a look says of itself.
func itemProperties(l Look) map[string]dbus.Variant {
	pictures, status := pixmaps(l), "Active"
	if l == Trouble {
		status = "NeedsAttention"
	}
	return variants(map[string]any{
		"Category": "ApplicationStatus", "Id": "tasknet-node", "Title": name, "Status": status, "ItemIsMenu": false, "Menu": menuPath,
		"IconName": "", "IconPixmap": pictures, "AttentionIconName": "", "AttentionIconPixmap": pictures, "ToolTip": toolTip{Pixmaps: []pixmap{}, Title: l.says()},
	})
}

func variants(values map[string]any) map[string]dbus.Variant {
	all := map[string]dbus.Variant{}
	for name, value := range values {
		all[name] = dbus.MakeVariant(value)
	}
	return all
}

// export offers the icon and its menu on D-Bus.
func (i *icon) export() error {
	menu := variants(map[string]any{"Version": uint32(3), "TextDirection": "ltr", "Status": "normal", "IconThemePath": []string{}})
	open := func(int32, int32) *dbus.Error { i.choose(opens + 1); return nil }
	nothing := func(int32, int32) *dbus.Error { return nil }
	return errors.Join(
		i.offer(itemPath, itemFace, func() map[string]dbus.Variant {
			i.mu.Lock()
			defer i.mu.Unlock()
			return i.item
		}, map[string]any{"Activate": open, "SecondaryActivate": nothing, "ContextMenu": nothing, "Scroll": func(int32, string) *dbus.Error { return nil }}),
		i.offer(menuPath, menuFace, func() map[string]dbus.Variant { return menu }, map[string]any{
			"GetLayout": i.layout, "GetGroupProperties": i.group, "GetProperty": i.property, "Event": i.event, "EventGroup": i.events,
			"AboutToShow":      func(int32) (bool, *dbus.Error) { return false, nil },
			"AboutToShowGroup": func([]int32) ([]int32, []int32, *dbus.Error) { return []int32{}, []int32{}, nil },
		}),
	)
}

// offer offers an object with one interface of its own, whose properties nobody changes from without. It takes methods from tables:
// godbus would find those of a type by reflection, and then the linker keeps all methods of all types, which are megabytes.
func (i *icon) offer(path dbus.ObjectPath, face string, properties func() map[string]dbus.Variant, methods map[string]any) error {
	return errors.Join(
		i.conn.ExportMethodTable(methods, path, face),
		i.conn.ExportMethodTable(map[string]any{
			"GetAll": func(string) (map[string]dbus.Variant, *dbus.Error) { return properties(), nil },
			"Get": func(_, name string) (dbus.Variant, *dbus.Error) {
				value, ok := properties()[name]
				if !ok {
					return value, dbus.MakeFailedError(fmt.Errorf("there is no property %s", name))
				}
				return value, nil
			},
		}, path, "org.freedesktop.DBus.Properties"),
	)
}

// node is a line of the menu with those below it, as D-Bus has it.
type node struct {
	ID         int32
	Properties map[string]dbus.Variant
	Below      []dbus.Variant
}

// entry is a line's properties.
type entry struct {
	ID         int32
	Properties map[string]dbus.Variant
}

// removed names properties that a line has no more.
type removed struct {
	ID    int32
	Names []string
}

// properties are those of a line that have a name among names; nil: all.
func (l *line) properties(names []string) map[string]dbus.Variant {
	all := map[string]dbus.Variant{"type": dbus.MakeVariant("separator")}
	if l.label != "" { // a single _ is before the letter that chooses it
		all = map[string]dbus.Variant{"label": dbus.MakeVariant(strings.ReplaceAll(l.label, "_", "__")), "enabled": dbus.MakeVariant(l.do != nil)}
	}
	for name := range all {
		if len(names) > 0 && !slices.Contains(names, name) {
			delete(all, name)
		}
	}
	return all
}

// line returns a line of the menu. 0 is the menu.
func (i *icon) line(id int32) (line, *dbus.Error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if id < 1 || int(id) > len(i.lines) {
		return line{}, dbus.MakeFailedError(fmt.Errorf("the menu has no line %d", id))
	}
	return i.lines[id-1], nil
}

func (i *icon) layout(parent, depth int32, names []string) (uint32, node, *dbus.Error) {
	if parent != 0 {
		l, err := i.line(parent)
		return revision, node{parent, l.properties(names), []dbus.Variant{}}, err
	}
	root := node{0, map[string]dbus.Variant{"children-display": dbus.MakeVariant("submenu")}, []dbus.Variant{}}
	i.mu.Lock()
	defer i.mu.Unlock()
	for id := range i.lines {
		if depth != 0 {
			root.Below = append(root.Below, dbus.MakeVariant(node{int32(id + 1), i.lines[id].properties(names), []dbus.Variant{}}))
		}
	}
	return revision, root, nil
}

func (i *icon) group(ids []int32, names []string) ([]entry, *dbus.Error) {
	if len(ids) == 0 {
		ids = []int32{1, 2, 3, 4, 5}
	}
	all := []entry{}
	for _, id := range ids {
		if l, err := i.line(id); err == nil {
			all = append(all, entry{id, l.properties(names)})
		}
	}
	return all, nil
}

func (i *icon) property(id int32, name string) (dbus.Variant, *dbus.Error) {
	l, err := i.line(id)
	if err != nil {
		return dbus.Variant{}, err
	}
	value, ok := l.properties(nil)[name]
	if !ok {
		return dbus.Variant{}, dbus.MakeFailedError(fmt.Errorf("line %d has no %s", id, name))
	}
	return value, nil
}

// event takes in what a panel did with a line.
func (i *icon) event(id int32, what string, _ dbus.Variant, _ uint32) *dbus.Error {
	if _, err := i.line(id); err != nil && id != 0 {
		return err
	}
	if what == "clicked" {
		i.choose(id)
	}
	return nil
}

// happened is an event of several.
type happened struct {
	ID   int32
	What string
	Data dbus.Variant
	Time uint32
}

func (i *icon) events(all []happened) ([]int32, *dbus.Error) {
	unknown := []int32{}
	for _, e := range all {
		if i.event(e.ID, e.What, e.Data, e.Time) != nil {
			unknown = append(unknown, e.ID)
		}
	}
	return unknown, nil
}

// choose does what a line is for. What is chosen while much is done already is forgotten.
func (i *icon) choose(id int32) {
	l, err := i.line(id)
	if err != nil || l.do == nil {
		return
	}
	select {
	case i.chosen <- l.do:
	default:
	}
}
