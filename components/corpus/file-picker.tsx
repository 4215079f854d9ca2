"use client";

import { FileUp } from "lucide-react";
import { type DragEvent, useState } from "react";

import { buttonClass } from "../ui/button";
import { classNames } from "../ui/class-names";
import { formatBytes } from "../ui/format";

interface FilePickerProps {
  file: File | null;
  disabled: boolean;
  onChoose: (file: File) => void;
}

/** One file, dropped or picked. Folders are for the terminal, which packs them as it sends them. */
export function FilePicker({ file, disabled, onChoose }: FilePickerProps) {
  const [over, setOver] = useState(false);
  const [folder, setFolder] = useState(false);
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    if (disabled) return;
    const [item] = event.dataTransfer.items;
    const isFolder = item?.webkitGetAsEntry()?.isDirectory === true;
    setFolder(isFolder);
    const [dropped] = event.dataTransfer.files;
    if (dropped !== undefined && !isFolder) onChoose(dropped);
  };
  return (
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(!disabled);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={classNames(
        "grid min-h-32 place-items-center rounded border border-dashed px-4 py-5 text-center",
        over ? "border-accent bg-accent-soft" : "border-edge-strong bg-sunken",
      )}
    >
      <div className="min-w-0">
        <p className="font-medium break-words">{file === null ? "Drop a file here" : file.name}</p>
        <p className="text-xs text-ink-soft">{file === null ? "at most 1 GiB; a folder as .zip or .tar.gz" : formatBytes(file.size)}</p>
        {folder ? (
          <p role="alert" className="mt-1 text-bad">
            That is a folder. Pack it as .zip or .tar.gz, or send it with <code className="font-mono">npm run -s archloom -- corpus check</code>.
          </p>
        ) : null}
        <label className={buttonClass("plain", classNames("relative mt-2 focus-within:outline-2 focus-within:outline-accent", disabled && "opacity-55"))}>
          <FileUp aria-hidden className="size-4" />
          {file === null ? "Choose a file" : "Choose another file"}
          <input
            type="file"
            disabled={disabled}
            className="absolute inset-0 size-full cursor-pointer opacity-0"
            onChange={(event) => {
              const [picked] = event.target.files ?? [];
              setFolder(false);
              if (picked !== undefined) onChoose(picked);
              // So that the same file, corrected, can be picked again.
              event.target.value = "";
            }}
          />
        </label>
      </div>
    </div>
  );
}
