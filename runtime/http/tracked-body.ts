export interface TrackedBody {
  readonly stream: ReadableStream<Uint8Array>;
  /** Fails the stream for its reader and cancels the source. */
  readonly fail: (reason: unknown) => Promise<void>;
}

/**
 * A stream that passes another one through as it is asked for, and calls `onEnd` when it has ended, failed or been
 * cancelled. Nothing is read ahead, and a byte stream stays one.
 *
 * What is returned beside the stream refers to it only weakly, so that a registry can notice that it was dropped.
 */
export function trackedBody(source: ReadableStream<Uint8Array>, onEnd: () => void): TrackedBody {
  const isBytes = isByteStream(source);
  const reader = source.getReader();
  let weakController: WeakRef<ReadableStreamController<Uint8Array>> | undefined;

  const pull = async (controller: ReadableStreamController<Uint8Array>): Promise<void> => {
    let result: ReadableStreamReadResult<Uint8Array>;
    try {
      result = await reader.read();
    } catch (error) {
      onEnd();
      throw error;
    }
    if (result.done) {
      onEnd();
      closeQuietly(controller);
    } else if (result.value.byteLength > 0) {
      controller.enqueue(result.value as Uint8Array<ArrayBuffer>);
    } else {
      // A byte stream refuses empty chunks, and a pull that gives nothing would not be repeated.
      await pull(controller);
    }
  };
  const underlying = {
    start: (controller: ReadableStreamController<Uint8Array>) => {
      weakController = new WeakRef(controller);
    },
    pull,
    cancel: (reason: unknown) => {
      onEnd();
      return reader.cancel(reason);
    },
  };
  // Two calls, because the types know byte streams only by the literal.
  const stream = isBytes
    ? new ReadableStream({ ...underlying, type: 'bytes' }, { highWaterMark: 0 })
    : new ReadableStream<Uint8Array>(underlying, { highWaterMark: 0 });

  return {
    stream,
    fail: async (reason) => {
      weakController?.deref()?.error(reason);
      await reader.cancel(reason).catch(() => undefined);
    },
  };
}

function isByteStream(stream: ReadableStream<Uint8Array>): boolean {
  try {
    stream.getReader({ mode: 'byob' }).releaseLock();
    return true;
  } catch {
    return false;
  }
}

/** The stream may have been cancelled or failed while the source was being read. */
function closeQuietly(controller: ReadableStreamController<Uint8Array>): void {
  try {
    controller.close();
    if ('byobRequest' in controller) {
      controller.byobRequest?.respond(0);
    }
  } catch {
    // Closed already.
  }
}
