using System.Text;
using Spectre.Console;

namespace ChainCrm.Client.Commands;

/// <summary>What a command writes: tables and progress on the given writer, coloured and live only where that is a terminal.</summary>
internal sealed class Screen
{
    // Tables are cut to the width of the terminal; a file has none, so it gets a width that fits every table.
    private const int WidthWithoutTerminal = 160;

    public Screen(TextWriter output)
    {
        Out = output;
        var isTerminal = ReferenceEquals(output, System.Console.Out) && !System.Console.IsOutputRedirected;
        Console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!isTerminal) Console.Profile.Width = WidthWithoutTerminal;
        IsLive = isTerminal && Console.Profile.Capabilities.Ansi;
    }

    public TextWriter Out { get; }

    public IAnsiConsole Console { get; }

    /// <summary>A terminal that can redraw.</summary>
    public bool IsLive { get; }

    /// <summary>A line of plain text.</summary>
    public void Line(string text) => Out.WriteLine(text);

    /// <summary>A table with a title; every cell is plain text, never markup.</summary>
    public void Table(string title, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows, int rightAlignedFrom = 1)
    {
        var table = new Table { Border = IsLive ? TableBorder.Rounded : TableBorder.Ascii, Title = new TableTitle(Markup.Escape(title)) };
        for (var i = 0; i < columns.Count; i++)
        {
            var column = new TableColumn(Markup.Escape(columns[i]));
            table.AddColumn(i >= rightAlignedFrom ? column.RightAligned() : column);
        }

        foreach (var row in rows) table.AddRow(row.Select(Markup.Escape).ToArray());
        Console.Write(table);
    }

    /// <summary>Writes JSON to a file, or to the screen for "-".</summary>
    public async Task WriteJsonAsync(string path, byte[] json, CancellationToken cancellation)
    {
        if (path == "-") await Out.WriteLineAsync(Encoding.UTF8.GetString(json));
        else await File.WriteAllBytesAsync(path, json, cancellation);
    }
}
