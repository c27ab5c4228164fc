using System.Diagnostics;
using ChainCrm.Growth;

// What grows with the chain and what does not: README.md.
Options options;
try
{
    options = Options.From(args);
}
catch (ArgumentException wrong)
{
    Console.Error.WriteLine(wrong.Message);
    return 2;
}

var clock = Stopwatch.StartNew();
var figures = new Figures();
var command = string.Join(' ', args.Prepend("./bench/Growth/run"));
using (var place = new Workplace(options.Data))
{
    foreach (var part in options.Parts)
    {
        var begun = clock.Elapsed;
        // What earlier parts found is kept, whatever becomes of this one.
        if (figures.All.Count > 0) await Table.WriteAsync(figures, command, clock.Elapsed);
        await (part switch
        {
            "customers" => CustomersPart.MeasureAsync(options, place, figures),
            "history" => HistoryPart.MeasureAsync(options, place, figures),
            "stores" => StoresPart.MeasureAsync(options, place, figures),
            "hot" => HotPart.MeasureAsync(options, place, figures),
            _ => RecoveryPart.MeasureAsync(options, place, figures),
        });
        Console.WriteLine($"{part}: {(clock.Elapsed - begun).TotalSeconds:N0} s");
    }
}

Console.WriteLine();
Console.WriteLine(await Table.WriteAsync(figures, command, clock.Elapsed));
return 0;
