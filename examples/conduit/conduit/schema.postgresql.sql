-- Several processes may start at once: one makes the tables, the others wait.
select pg_advisory_xact_lock(20250928);

create table if not exists users (
    id bigint generated always as identity primary key,
    email text not null unique,
    username text not null unique,
    password text not null,
    bio text,
    image text
);

create table if not exists follows (
    follower bigint not null references users,
    followed bigint not null references users,
    primary key (follower, followed)
);

create table if not exists articles (
    id bigint generated always as identity primary key,
    slug text not null unique,
    title text not null,
    description text not null,
    body text not null,
    author bigint not null references users,
    created_at timestamptz not null,
    updated_at timestamptz not null
);

create table if not exists tags (
    article bigint not null references articles on delete cascade,
    tag text not null,
    primary key (article, tag)
);
create index if not exists articles_by_tag on tags (tag);

create table if not exists favorites (
    article bigint not null references articles on delete cascade,
    fan bigint not null references users,
    primary key (article, fan)
);

create table if not exists comments (
    id bigint generated always as identity primary key,
    article bigint not null references articles on delete cascade,
    author bigint not null references users,
    body text not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index if not exists comments_by_article on comments (article);
