/** Gives a function that makes its value when it is first asked for, and keeps it. */
export function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | null = null;
  return () => (made ??= { value: make() }).value;
}

/** Gives a function that works out its value once for each object it is asked of, and keeps it as long as that object. For objects that are never changed, such as definitions. */
export function onceFor<Key extends object, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const made = new WeakMap<Key, { value: Value }>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known.value;
    const value = make(key);
    made.set(key, { value });
    return value;
  };
}

/** Gives a function that keeps, of each object, the value of what was asked last, as long as that object. `isSame`: is the same asked again? For objects that are never changed. */
export function lastFor<Key extends object, Asked, Value>(make: (key: Key, asked: Asked) => Value, isSame: (one: Asked, other: Asked) => boolean): (key: Key, asked: Asked) => Value {
  const made = new WeakMap<Key, { asked: Asked; value: Value }>();
  return (key, asked) => {
    const last = made.get(key);
    if (last !== undefined && isSame(last.asked, asked)) return last.value;
    const value = make(key, asked);
    made.set(key, { asked, value });
    return value;
  };
}
