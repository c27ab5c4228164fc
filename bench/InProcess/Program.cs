using ChainCrm.InProcess;

// What the engine does alone, without HTTP:
//   dotnet run -c Release --project bench/InProcess -- rate [memory|sqlite] [--outstanding 1024] [--customers 10000] [--seconds 5] [--hot]
//   dotnet run -c Release --project bench/InProcess -- rules [--rules 20] [--lines 30] [--rounds 5] [--seconds 2]
//   dotnet run -c Release --project bench/InProcess -- memory [--customers 1000000]
var command = args.Length > 0 ? args[0] : "rate";
var customers = Number("--customers", command == "memory" ? 1_000_000 : 10_000);
switch (command)
{
    case "memory":
        await ActiveCustomers.MeasureAsync(customers, Number("--purchases", 2), Number("--outstanding", 512));
        return 0;
    case "rate":
        string[] journals = args.Length > 1 && !args[1].StartsWith('-') ? [args[1]] : ["memory", "sqlite"];
        foreach (var journal in journals)
            await Rate.MeasureAsync(journal, args.Contains("--hot") ? 1 : customers, Number("--outstanding", 1_024), Number("--seconds", 5));
        return 0;
    case "rules":
        await EarningRules.MeasureAsync(customers, Number("--outstanding", 1_024), Number("--seconds", 2), Number("--rounds", 5), Number("--rules", 20), Number("--lines", 30));
        return 0;
    case "history":
        await History.MeasureAsync(customers, Number("--outstanding", 1_024), Number("--purchases", 3_000_000), Number("--step", 250_000));
        return 0;
    default:
        Console.Error.WriteLine("What to measure: rate, rules, history or memory.");
        return 1;
}

int Number(string name, int otherwise)
{
    var index = Array.IndexOf(args, name);
    return index >= 0 && index + 1 < args.Length ? int.Parse(args[index + 1], null) : otherwise;
}
