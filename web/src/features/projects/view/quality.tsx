export default function Page({ id }: { id: string; version?: string }) { return <p>{id}</p> }
